import type { Endpoint, Reply } from '../http/endpoint.js'
import type { JsonObject } from '../platform/json.js'
import type { ScimCaller } from './caller.js'
import { readFilter } from './compile-query.js'
import { cursorPage } from './cursor-pages.js'
import { listResponse, pageSize } from './list-response.js'
import { answering, type Listing } from './listing.js'
import { projection } from './projection.js'
import { readQuery, readSearchRequest, type ScimQuery } from './query.js'
import type { ScimDeps } from './resource-endpoints.js'

/**
 * Queries over all resource types at once: RFC 7644 §3.4.2.1, and §3.4.3 as POST. Users come before
 * groups, and these before declared types; a sort orders within each.
 */

async function searchAll(deps: ScimDeps, listings: readonly Listing[], caller: ScimCaller, query: ScimQuery): Promise<Reply> {
  const { cursor } = query
  if (cursor !== undefined) return cursorPage(deps, listings, caller, { ...query, cursor })
  const filter = readFilter(query.filter, caller.switches)
  const limit = Math.min(query.count ?? pageSize.default, pageSize.max)
  const found: JsonObject[] = []
  let total = 0
  for (const { listing } of answering(listings, caller, { filter, query })) {
    const page = { offset: Math.max(0, query.startIndex - 1 - total), limit: limit - found.length }
    const listed = await listing.list(deps.db, caller, { filter, query, page })
    total += listed.total
    found.push(...listed.items.map(projection(listing.typeOf(caller), query.selection)))
  }
  return { status: 200, body: listResponse(total, query.startIndex, found) }
}

/** `listingsOf` are the kinds of resource that the caller may read. */
export function rootEndpoints(deps: ScimDeps, listingsOf: (caller: ScimCaller) => readonly Listing[]): Endpoint<ScimCaller>[] {
  const common = {
    access: 'scim.root.read',
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
      handle: (caller, call) => searchAll(deps, listingsOf(caller), caller, readQuery(call.query)),
    },
    {
      ...common,
      id: 'scim.root.search',
      method: 'POST',
      path: '/.search',
      summary: 'Query all resource types with the query in the body.',
      body: 'json',
      handle: (caller, call) => searchAll(deps, listingsOf(caller), caller, readSearchRequest(call.body)),
    },
  ]
}
