import type { Endpoint, Reply } from '../http/endpoint.js'
import { AppError } from '../platform/errors.js'
import type { JsonObject } from '../platform/json.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { parseFilter } from './filter-syntax.js'
import { listResponse } from './list-response.js'
import { projection } from './projection.js'
import { readQuery, readSearchRequest, type ScimQuery } from './query.js'
import { pageSize, type ScimDeps } from './resource-endpoints.js'

/**
 * Queries over all resource types at once: RFC 7644 §3.4.2.1, and §3.4.3 as POST. Users come before groups; a sort orders within each.
 */

// The row type stays inside its adapter: lists come out as rendered resources.
type Listing = Pick<Adapter<never>, 'typeOf' | 'list'>

// An attribute that only some types have is unassigned in the others (RFC 7644 §3.4.2.1); one that no type has is a mistake.
const unknownHere = (error: unknown): error is AppError => error instanceof AppError && error.code === 'scim_invalid_filter'

async function searchAll(deps: ScimDeps, listings: readonly Listing[], caller: ScimCaller, query: ScimQuery): Promise<Reply> {
  const filter =
    query.filter === undefined ? undefined : parseFilter(query.filter, { bareValues: caller.switches.bareFilterValues })
  const limit = Math.min(query.count ?? pageSize.default, pageSize.max)
  const found: JsonObject[] = []
  const refusals: AppError[] = []
  let total = 0
  for (const listing of listings) {
    const page = { offset: Math.max(0, query.startIndex - 1 - total), limit: limit - found.length }
    try {
      const listed = await listing.list(deps.db, caller, { filter, query, page })
      total += listed.total
      found.push(...listed.items.map(projection(listing.typeOf(caller), query.selection)))
    } catch (error) {
      if (!unknownHere(error)) throw error
      refusals.push(error)
    }
  }
  if (refusals[0] && refusals.length === listings.length) throw refusals[0]
  return { status: 200, body: listResponse(total, query.startIndex, found) }
}

export function rootEndpoints(deps: ScimDeps, listings: readonly Listing[]): Endpoint<ScimCaller>[] {
  const common = {
    access: 'scim.resources.read',
    replies: { 200: { description: 'The resources of every type that match.' }, 400: { description: 'The query is wrong.' } },
  }
  return [
    {
      ...common,
      id: 'scim.root.list',
      method: 'GET',
      path: '/',
      summary: 'Query all resource types.',
      body: 'none',
      handle: (caller, call) => searchAll(deps, listings, caller, readQuery(call.query)),
    },
    {
      ...common,
      id: 'scim.root.search',
      method: 'POST',
      path: '/.search',
      summary: 'Query all resource types with the query in the body.',
      body: 'json',
      handle: (caller, call) => searchAll(deps, listings, caller, readSearchRequest(call.body)),
    },
  ]
}
