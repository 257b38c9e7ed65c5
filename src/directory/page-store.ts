import type { Knex } from '../platform/db/open.js'
import { numbered, planned, prepared } from '../platform/db/query.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import type { Listed, Page } from './model.js'

/** A page by position, read from whatever table the list goes through. */

type Source = {
  readonly columns: string
  /** What follows `from`, with its whole condition. */
  readonly rows: CompiledPredicate
  /** The same rows for counting, where that takes fewer tables. */
  readonly counted?: CompiledPredicate
  /** Names the statement where any values are served by one plan: for texts that are few. */
  readonly name?: string | undefined
}

/** The rows of a page and the number of all that match. Where the page itself shows where the list ends, nothing is counted. */
export async function pageRows<Row>(db: Knex, source: Source, order: CompiledOrder, page: Page): Promise<Listed<Row>> {
  const items = page.limit === 0 ? [] : await readPage<Row>(db, source, order, page)
  const seen = page.offset + items.length
  const isEnd = items.length < page.limit && (items.length > 0 || page.offset === 0)
  return { total: isEnd ? seen : Math.max(await countRows(db, source), items.length > 0 ? seen : 0), items }
}

function readPage<Row>(db: Knex, { columns, rows, name }: Source, order: CompiledOrder, page: Page): Promise<Row[]> {
  const text = `select ${columns} from ${rows.sql} order by ${order.sql} limit ? offset ?`
  const values = [...rows.bindings, ...order.bindings, page.limit, page.offset]
  return name ? prepared(db, name, numbered(text), values) : planned(db, text, values)
}

async function countRows(db: Knex, { rows, counted = rows }: Source): Promise<number> {
  const [row] = await planned<{ total: number }>(db, `select count(*) as total from ${counted.sql}`, counted.bindings)
  return row?.total ?? 0
}
