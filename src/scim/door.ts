import { authorizeToken } from '../access/index.js'
import { authenticateToken, type TokenUse } from '../connections/index.js'
import type { CallRequest, Door } from '../http/endpoint.js'
import { readJson } from '../http/json.js'
import type { Clock } from '../platform/clock.js'
import { AppError } from '../platform/errors.js'
import { installationKeys } from '../platform/installation-keys.js'
import { readToken } from '../platform/secrets.js'
import { type BulkDeps, bulkEndpoint } from './bulk-endpoint.js'
import { mostOperations } from './bulk-request.js'
import type { ScimCaller } from './caller.js'
import { createCursors } from './cursor.js'
import { switchesOf } from './dialects/profiles.js'
import { discoveryEndpoints } from './discovery-endpoints.js'
import { renderError } from './errors.js'
import { organizationTypes } from './extensions.js'
import { groupAdapter } from './group-adapter.js'
import { meEndpoints } from './me-endpoints.js'
import { resourceEndpoints, type ScimDeps } from './resource-endpoints.js'
import { resourceOperations } from './resource-operations.js'
import { rootEndpoints } from './root-endpoints.js'
import { userAdapter } from './user-adapter.js'

/** The SCIM 2.0 door. A bearer token names organization and connection; the organization in the path must be the same. */

export type ScimDoorDeps = Omit<ScimDeps, 'cursors'> &
  BulkDeps & {
    /** The address clients use, without a slash at its end. */
    readonly publicUrl: () => string
    readonly tokenUse: TokenUse
    readonly clock: Clock
    readonly bodyLimitBytes: number
  }

/** Elements of lists that no request needs more of; reading stops at the next one. */
const longest = { Operations: mostOperations, schemas: 100, attributes: 500, excludedAttributes: 500 }

function unauthenticated(detail: string): AppError {
  return new AppError('unauthenticated', 'token_refused', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="scim"' } })
}

function bearerOf(request: CallRequest): string {
  const [, token] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? []
  if (!token) throw unauthenticated('Send the bearer token of this connection: "Authorization: Bearer …".')
  return token
}

export function scimDoor(deps: ScimDoorDeps): Door<ScimCaller> {
  const typesOf = organizationTypes(deps.db)
  const adapters = [userAdapter, groupAdapter] as const
  const keys = installationKeys(deps.db)
  const lists: ScimDeps = { ...deps, cursors: createCursors({ secret: () => keys('scim-cursors'), clock: deps.clock }) }
  const users = resourceEndpoints(lists, userAdapter)

  const authenticate = async (request: CallRequest): Promise<ScimCaller> => {
    const presented = readToken(bearerOf(request))
    const known = presented && (await authenticateToken(deps.db, presented))
    // One sentence for every reason: which part was wrong is for the log of whoever runs the server.
    if (!known || known.slug !== request.params.org) {
      throw unauthenticated(
        'The bearer token is not valid for this organization: it is mistyped, expired, revoked, or of another organization.',
      )
    }
    deps.tokenUse.note(known)
    return {
      scope: { orgId: known.orgId, connectionId: known.connection.id },
      tokenId: known.token.id,
      userId: known.userId,
      switches: switchesOf(known.connection.profile, known.connection.switches),
      baseUrl: `${deps.publicUrl()}/scim/v2/${known.slug}`,
      types: await typesOf(known.orgId, known.schemaVersion),
      authority: (action, requestId) => authorizeToken(known, action, requestId),
    }
  }

  return {
    name: 'scim',
    prefixes: ['/scim/v2/:org', '/scim/:org'],
    endpoints: [
      ...discoveryEndpoints({ bodyBytes: deps.bodyLimitBytes }),
      ...users,
      ...meEndpoints(users),
      ...resourceEndpoints(lists, groupAdapter),
      ...rootEndpoints(lists, adapters),
      bulkEndpoint(deps, [resourceOperations(userAdapter), resourceOperations(groupAdapter)]),
    ],
    contentType: 'application/scim+json',
    accepts: ['application/scim+json', 'application/json'],
    authenticate,
    authorize: (caller, access, request) => void caller.authority(access, request.requestId),
    describe: ({ scope }) => ({ organization: scope.orgId, connection: scope.connectionId }),
    parse: (text) => readJson(text, { longest }),
    renderError,
  }
}
