import { type SortKey, sortKey } from './filter.js'
import { type Fragment, literally, sql } from './fragment.js'
import type { FilterTarget, Sort } from './predicate.js'

/**
 * Walks through a list by key: a page starts after the last row of the page before, wherever that row is now. So rows that come and
 * go meanwhile move no other one, and an index that serves the order serves a page deep in the list as it serves the first.
 */

/** The last row of a page: its sort key as text, null where it has none or nothing is sorted by, and its id. */
export type Position = { readonly key: string | null; readonly id: string }

export type CompiledWalk = {
  /** What to select beside a row, as the key of its position. */
  readonly key: Fragment
  /** What is left of the list, one part after the other; a single scan of an index can serve each. */
  readonly stretches: readonly { readonly where: Fragment; readonly order: Fragment }[]
}

type Way = { readonly direction: Fragment; readonly beyond: Fragment }

const ways: Record<Sort['order'], Way> = {
  ascending: { direction: literally('asc'), beyond: literally('>') },
  descending: { direction: literally('desc'), beyond: literally('<') },
}

/** The list in the order of `sort` (of the id without one), from after `after` on. Ends with the id, as compileSort does. */
export function compileWalk(target: FilterTarget, sort: Sort | undefined, after: Position | undefined): CompiledWalk {
  const order = sort?.order ?? 'ascending'
  const way = ways[order]
  const key = sort && sortKey(target, sort)
  if (!key) {
    const where = after ? beyondId(target, way, after) : sql`true`
    return { key: sql`null::text`, stretches: [{ where, order: sql`${target.id} ${way.direction}` }] }
  }
  const parts = [present(target, key, way, after), ...(key.nullable ? [absent(target, key, way, after)] : [])]
  if (order === 'descending') parts.reverse()
  // Rows without a key are the second part when ascending and the first when descending.
  const isInSecond = key.nullable && after !== undefined && (after.key === null) === (order === 'ascending')
  const left = isInSecond ? parts.slice(1) : parts
  const byKey = sql`${key.sql} ${way.direction}, ${target.id} ${way.direction}`
  return { key: keyAsText(key), stretches: left.map((where) => ({ where, order: byKey })) }
}

function beyondId(target: FilterTarget, way: Way, after: Position): Fragment {
  return sql`${target.id} ${way.beyond} ${after.id}::uuid`
}

// An index can start from a comparison of rows. A condition with `or` it could only check row by row, from the first one on.
function present(target: FilterTarget, key: SortKey, way: Way, after: Position | undefined): Fragment {
  if (!after || after.key === null) return key.nullable ? sql`${key.sql} is not null` : sql`true`
  return sql`(${key.sql}, ${target.id}) ${way.beyond} (${after.key}::${literally(key.type)}, ${after.id}::uuid)`
}

function absent(target: FilterTarget, key: SortKey, way: Way, after: Position | undefined): Fragment {
  const isAbsent = sql`${key.sql} is null`
  return after?.key === null ? sql`${isAbsent} and ${beyondId(target, way, after)}` : isAbsent
}

// A time in the notation of one session could be misread in another.
function keyAsText(key: SortKey): Fragment {
  return key.type === 'timestamptz' ? sql`to_json(${key.sql}) #>> '{}'` : sql`(${key.sql})::text`
}
