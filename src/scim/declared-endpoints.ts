import type { CustomResource } from '../directory/index.js'
import type { Endpoint } from '../http/endpoint.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { customAdapter } from './custom-adapter.js'
import type { OrganizationTypes } from './extensions.js'
import { resourceEndpoints, type ScimDeps } from './resource-endpoints.js'

/**
 * What the door serves for one organization alone: the resource types it declares. Made once for each version of its schemas, so a type
 * that any process defined is served by all of them at the next request.
 */

const adapters = new WeakMap<OrganizationTypes, readonly Adapter<CustomResource>[]>()

/** Adapters of the declared types, in order of name. */
export function declaredAdapters({ types }: Pick<ScimCaller, 'types'>): readonly Adapter<CustomResource>[] {
  const known = adapters.get(types) ?? types.declared.map(customAdapter)
  adapters.set(types, known)
  return known
}

export function declaredEndpoints(deps: ScimDeps): (caller: ScimCaller) => readonly Endpoint<ScimCaller>[] {
  const endpoints = new WeakMap<OrganizationTypes, readonly Endpoint<ScimCaller>[]>()
  return (caller) => {
    const known = endpoints.get(caller.types) ?? declaredAdapters(caller).flatMap((adapter) => resourceEndpoints(deps, adapter))
    endpoints.set(caller.types, known)
    return known
  }
}
