import { hasLiveClient } from '../connections/index.js'
import type { Endpoint } from '../http/endpoint.js'
import { type BulkDeps, bulkEndpoint } from './bulk-endpoint.js'
import type { ScimCaller } from './caller.js'
import { declaredAdapters } from './declared-endpoints.js'
import { discoveryEndpoints } from './discovery-endpoints.js'
import { groupAdapter } from './group-adapter.js'
import type { Listing } from './listing.js'
import { meEndpoints } from './me-endpoints.js'
import { resourceEndpoints, type ScimDeps } from './resource-endpoints.js'
import { type ResourceOperations, resourceOperations } from './resource-operations.js'
import { rootEndpoints } from './root-endpoints.js'
import { userAdapter } from './user-adapter.js'

/** Everything the SCIM door serves, over a database and a journal: those of the server, or those of a rehearsal. */

export type EndpointDeps = ScimDeps & BulkDeps & { readonly bodyLimitBytes: number }

const builtIn = [resourceOperations(userAdapter), resourceOperations(groupAdapter)]

/** All that the caller may search through; who may search at all may read users and groups. */
const listingsOf = (caller: ScimCaller): Listing[] => [
  userAdapter,
  groupAdapter,
  ...(caller.allows('scim.resources.read') ? declaredAdapters(caller) : []),
]

const kindsOf = (caller: ScimCaller): ResourceOperations[] => [...builtIn, ...declaredAdapters(caller).map(resourceOperations)]

export function scimEndpoints(deps: EndpointDeps): Endpoint<ScimCaller>[] {
  const users = resourceEndpoints(deps, userAdapter)
  return [
    ...discoveryEndpoints({ bodyBytes: deps.bodyLimitBytes, hasClient: (scope) => hasLiveClient(deps.db, scope) }),
    ...users,
    ...meEndpoints(users),
    ...resourceEndpoints(deps, groupAdapter),
    ...rootEndpoints(deps, listingsOf),
    bulkEndpoint(deps, kindsOf),
  ]
}
