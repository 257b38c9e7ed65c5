import type { Knex } from '../platform/db/open.js'
import { planned } from '../platform/db/query.js'
import type { CompiledPredicate } from './filter.js'
import type { CompiledWalk, Position } from './keyset.js'

/** A page of a walk, read from whatever table the walk goes through. */

export type Walked<Item> = {
  readonly items: readonly Item[]
  /** Where the last item stands; undefined without any. */
  readonly last: Position | undefined
  /** Whether there is at least one more. */
  readonly more: boolean
}

/** `rows` is what follows `from`, with its whole condition; `columns` begin with the row's `id`. */
type Source = { readonly columns: string; readonly rows: CompiledPredicate }

/** Up to `limit` rows; 0 tells only whether there are any. Nothing is counted, so a page costs the same in a list of any length. */
export async function walkRows<Row extends { id: string }>(
  db: Knex,
  source: Source,
  walk: CompiledWalk,
  limit: number,
): Promise<Walked<Row>> {
  type Placed = Row & { position_key: string | null }
  const found: Placed[] = []
  for (const { where, order } of walk.stretches) {
    const wanted = limit + 1 - found.length
    if (wanted === 0) break
    const sql = `select ${source.columns}, ${walk.key.sql} as position_key from ${source.rows.sql} and ${where.sql}
      order by ${order.sql} limit ?`
    const bindings = [...walk.key.bindings, ...source.rows.bindings, ...where.bindings, ...order.bindings, wanted]
    found.push(...(await planned<Placed>(db, sql, bindings)))
  }
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, last: last && { key: last.position_key, id: last.id }, more: found.length > limit }
}
