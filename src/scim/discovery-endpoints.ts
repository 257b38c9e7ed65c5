import type { Call, Endpoint, Reply } from '../http/endpoint.js'
import { forbidden, notFound } from '../platform/errors.js'
import type { JsonObject } from '../platform/json.js'
import { mostOperations } from './bulk-request.js'
import type { ScimCaller } from './caller.js'
import { cursorTimeout } from './cursor.js'
import { resourceTypeDocument, schemaDocument, schemasUsed, serviceProviderConfig } from './discovery.js'
import { typesIn } from './extensions.js'
import { listResponse, pageSize } from './list-response.js'
import { tokenUrlOf } from './oauth-request.js'

/** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`: RFC 7644 §4. */

// RFC 7644 §4: a filter here could only mislead a client about what exists.
function refuseFilter(call: Call): void {
  if ([...call.query.keys()].some((name) => name.toLowerCase() === 'filter')) {
    throw forbidden('discovery_filter', 'Discovery endpoints take no filter (RFC 7644 §4). Leave it out and read the whole list.')
  }
}

function all(documents: readonly JsonObject[]): Reply {
  return { status: 200, body: listResponse(documents.length, 1, documents) }
}

function one(documents: readonly JsonObject[], id: string): Reply {
  const found = documents.find((document) => String(document.id).toLowerCase() === id.toLowerCase())
  if (!found)
    throw notFound(
      'resource_not_found',
      `There is no "${id.slice(0, 200)}" here. Read the list without an id to see what there is.`,
    )
  return { status: 200, body: found }
}

const typesOf = (caller: ScimCaller) => typesIn(caller.types)
const schemaDocuments = (caller: ScimCaller) =>
  schemasUsed(typesOf(caller)).map((schema) => schemaDocument(schema, caller.baseUrl))
const typeDocuments = (caller: ScimCaller) => typesOf(caller).map((type) => resourceTypeDocument(type, caller.baseUrl))

export type DiscoveryDeps = {
  readonly bodyBytes: number
  /** Whether the caller's connection has an OAuth 2.0 client. */
  readonly hasClient: (scope: ScimCaller['scope']) => Promise<boolean>
}

export function discoveryEndpoints(deps: DiscoveryDeps): Endpoint<ScimCaller>[] {
  const declare = (
    id: string,
    path: string,
    summary: string,
    answer: (caller: ScimCaller, call: Call) => Reply | Promise<Reply>,
  ): Endpoint<ScimCaller> => ({
    id: `scim.${id}`,
    method: 'GET',
    path,
    access: 'scim.discovery.read',
    summary,
    body: 'none',
    replies: { 200: { description: 'The document.' }, 403: { description: 'A filter was given.' } },
    handle: async (caller, call) => {
      refuseFilter(call)
      return answer(caller, call)
    },
  })
  return [
    declare('config', '/ServiceProviderConfig', 'What this server supports.', async (caller) => ({
      status: 200,
      body: serviceProviderConfig({
        baseUrl: caller.baseUrl,
        bulk: { supported: true, maxOperations: mostOperations, maxPayloadSize: deps.bodyBytes },
        filter: { maxResults: pageSize.max },
        pagination: {
          cursor: true,
          index: true,
          // RFC 9865 §2.4: clients that name no method expect the one that was there first.
          defaultPaginationMethod: 'index',
          defaultPageSize: pageSize.default,
          maxPageSize: pageSize.max,
          cursorTimeout,
        },
        ...((await deps.hasClient(caller.scope)) && { tokenUrl: tokenUrlOf(caller.baseUrl) }),
      }),
    })),
    declare('types', '/ResourceTypes', 'The resource types.', (caller) => all(typeDocuments(caller))),
    declare('type', '/ResourceTypes/:id', 'One resource type.', (caller, call) =>
      one(typeDocuments(caller), call.params.id ?? ''),
    ),
    declare('schemas', '/Schemas', 'The schemas.', (caller) => all(schemaDocuments(caller))),
    declare('schema', '/Schemas/:id', 'One schema.', (caller, call) => one(schemaDocuments(caller), call.params.id ?? '')),
  ]
}
