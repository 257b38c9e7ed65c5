import type { Reply } from '../http/endpoint.js'
import type { Knex } from '../platform/db/open.js'
import type { JsonObject } from '../platform/json.js'
import type { ScimCaller } from './caller.js'
import { readFilter } from './compile-query.js'
import type { Cursors } from './cursor.js'
import { refuse } from './errors.js'
import { cursorResponse, pageSize } from './list-response.js'
import { answering, type Listing } from './listing.js'
import { projection } from './projection.js'
import type { ScimQuery } from './query.js'

/** Queries by cursor: RFC 9865 §2, over one kind of resource or, one after the other, over several. */

export type CursorDeps = { readonly db: Knex; readonly cursors: Cursors }

/**
 * One page. `totalResults` is there where it costs nothing: when the first page is the last too. Counting a large list costs more
 * than any page of it, and whoever wants the number asks for it with count=0 (RFC 9865 §2).
 */
export async function cursorPage(
  deps: CursorDeps,
  listings: readonly Listing[],
  caller: ScimCaller,
  query: ScimQuery & { readonly cursor: string },
): Promise<Reply> {
  const count = readCount(query)
  const filter = readFilter(query.filter, caller.switches)
  const parts = answering(listings, caller, { filter, query })
  const asked = parts.map(({ listing, question }) => [listing.noun, question])
  const belongsTo = JSON.stringify([caller.scope.orgId, caller.scope.connectionId, caller.tokenId, asked])
  const from = query.cursor === '' ? undefined : await deps.cursors.read(belongsTo, query.cursor)
  if (from && from.count !== count) {
    throw refuse('invalidCount', `This walk began with count=${from.count}. Send the same count with each of its cursors.`)
  }
  const found: JsonObject[] = []
  const answer = (rest: { totalResults?: number; nextCursor?: string }): Reply => ({
    status: 200,
    body: cursorResponse({ ...rest, resources: found }),
  })
  if (count === 0) {
    let total = 0
    const page = { offset: 0, limit: 0 }
    for (const { listing } of parts) total += (await listing.list(deps.db, caller, { filter, query, page })).total
    return answer({ totalResults: total })
  }
  const first = from ? parts.findIndex(({ listing }) => listing.noun === from.noun) : 0
  for (const { listing, question } of parts.slice(first)) {
    const { noun } = listing
    const after = from?.noun === noun ? from.after : undefined
    const limit = count - found.length
    const walked = await listing.walk(deps.db, caller, { question, selection: query.selection, after, limit })
    found.push(...walked.items.map(projection(listing.typeOf(caller), query.selection)))
    if (walked.more) {
      return answer({ nextCursor: await deps.cursors.write(belongsTo, { count, noun, after: walked.last ?? after }) })
    }
  }
  return answer(from ? {} : { totalResults: found.length })
}

/** RFC 9865 §2.1: between 0 and the largest page. With an index a larger count is cut; here the client is told. */
function readCount(query: ScimQuery): number {
  const count = query.count ?? pageSize.default
  if (count <= pageSize.max) return count
  throw refuse('invalidCount', `With a cursor, count may be at most ${pageSize.max}.`)
}
