import { compareColumn, presentColumn } from './filter-column.js'
import {
  compareDocument,
  contains,
  elementsPath,
  foldedPart,
  hasExact,
  instantAt,
  jsonAt,
  nest,
  numberAt,
  presentAt,
  textAt,
} from './filter-document.js'
import { type Fragment, joined, literally, sql } from './fragment.js'
import type { CompiledOrder, CompiledPredicate, FilterTarget, Keys, Predicate, Sort } from './predicate.js'

export type { CompiledOrder, CompiledPredicate, FilterTarget, Predicate, Sort } from './predicate.js'

/**
 * Predicates and sorts as SQL, whole: nothing is left to filter in memory. Every value is a binding, the text depends on the shape
 * alone, and the condition comes in parentheses of its own, so that no `or` in it reaches around the tenant's condition beside it.
 */

/** A condition that is true, false or (as good as false) null, for a row of the target. */
export function compileFilter(target: FilterTarget, predicate: Predicate): CompiledPredicate {
  const condition = sql`(${compile(predicate, target, 1)})`
  if (predicate.kind !== 'text' || predicate.op !== 'eq') return condition
  const point = predicate.keys.join('.')
  return target.columns.has(point) ? { ...condition, point } : condition
}

/** What follows ORDER BY; ends with the target's id, so that the order is total and pages do not overlap. */
export function compileSort(target: FilterTarget, sort: Sort): CompiledOrder {
  const direction = literally(sort.order === 'ascending' ? 'asc' : 'desc')
  const key = sortKey(target, sort)
  return key ? sql`${key.sql} ${direction}, ${target.id} ${direction}` : sql`${target.id} ${direction}`
}

/** What a sort compares, for a row of the target. */
export type SortKey = {
  readonly sql: Fragment
  readonly type: 'uuid' | 'text' | 'boolean' | 'timestamptz' | 'jsonb'
  /** Whether a row can be without. */
  readonly nullable: boolean
}

/** The key of a sort beside the id; undefined where it sorts by the id alone. */
export function sortKey(target: FilterTarget, sort: Sort): SortKey | undefined {
  const column = sort.list ? undefined : target.columns.get(sort.keys.join('.'))
  if (column?.sql.sql === target.id.sql) return undefined
  if (column) return { sql: column.sql, type: columnTypes[column.kind], nullable: column.nullable }
  return {
    sql: sort.list ? listKey(target, sort, sort.list) : documentKey(target, sort),
    type: keyTypes[sort.kind],
    nullable: true,
  }
}

const columnTypes = {
  id: 'uuid',
  key: 'text',
  folded: 'text',
  exact: 'text',
  boolean: 'boolean',
  instant: 'timestamptz',
} as const
const keyTypes = { text: 'text', boolean: 'jsonb', number: 'jsonb', instant: 'timestamptz' } as const

function compile(predicate: Predicate, target: FilterTarget, depth: number): Fragment {
  switch (predicate.kind) {
    case 'const':
      return sql`${predicate.value}::boolean`
    case 'and':
    case 'or': {
      if (predicate.of.length === 0) return sql`${predicate.kind === 'and'}::boolean`
      const terms = predicate.of.map((term) => compile(term, target, depth))
      return sql`(${joined(terms, ` ${predicate.kind} `)})`
    }
    case 'not':
      // Not SQL's `not`: what is null (an absent value) counts as false, so its negation is true.
      return sql`((${compile(predicate.of, target, depth)}) is not true)`
    case 'any':
      return compileAny(predicate.keys, predicate.where, target, depth)
    case 'present': {
      const column = target.columns.get(predicate.keys.join('.'))
      return sql`(${column ? presentColumn(column) : presentAt(target, predicate.keys)})`
    }
    default: {
      const column = target.columns.get(predicate.keys.join('.'))
      return sql`(${column ? compareColumn(column, predicate) : compareDocument(target, predicate)})`
    }
  }
}

function compileAny(keys: Keys, where: Predicate, target: FilterTarget, depth: number): Fragment {
  const relation = target.relations.get(keys.join('.'))
  if (relation) return relation(where, (predicate, rows) => compile(predicate, rows, depth + 1))
  const part = foldedPart(where)
  const indexed = part === undefined ? undefined : contains(target.search, nest(keys, [part]))
  if (indexed && !hasExact(where)) return indexed
  const element = anyElement(keys, where, target, depth)
  return indexed ? sql`(${indexed} and ${element})` : element
}

/** The element as sent and the folded one lie at the same place of their lists; only what the condition asks for is unpacked. */
function anyElement(keys: Keys, where: Predicate, target: FilterTarget, depth: number): Fragment {
  const alias = `e${depth}`
  const sent = literally(`${alias}.sent`)
  const folded = literally(`${alias}.folded`)
  const element: FilterTarget = { id: sent, profile: sent, search: folded, columns: new Map(), relations: new Map() }
  const condition = compile(where, element, depth + 1)
  const path = elementsPath(keys)
  const lists = [
    { name: 'sent', of: target.profile, needed: condition.sql.includes(sent.sql) },
    { name: 'folded', of: target.search, needed: condition.sql.includes(folded.sql) },
  ].filter((list, index, all) => list.needed || (index === 1 && all.every((one) => !one.needed)))
  const rows = joined(
    lists.map((list) => sql`jsonb_path_query(${list.of}, ${path}::jsonpath)`),
    ', ',
  )
  const names = literally(lists.map((list) => list.name).join(', '))
  return sql`exists (select 1 from rows from (${rows}) as ${literally(alias)} (${names}) where ${condition})`
}

function documentKey(documents: Pick<FilterTarget, 'profile' | 'search'>, sort: Sort): Fragment {
  switch (sort.kind) {
    case 'text':
      // Where the first 256 characters are the same, the id decides: a longer key would not fit into the URL of a next page.
      return sql`left(${textAt(sort.caseExact ? documents.profile : documents.search, sort.keys)}, 256) collate "C"`
    case 'boolean':
      return sql`(${jsonAt(documents.search, sort.keys)})`
    case 'number':
      return numberAt(documents.search, sort.keys)
    case 'instant':
      return instantAt(documents.profile, sort.keys)
  }
}

/** The primary element decides, or else the first one (RFC 7644 §3.4.2.3). */
function listKey(target: FilterTarget, sort: Sort, list: Keys): Fragment {
  const fromSent = sort.kind === 'instant' || (sort.kind === 'text' && sort.caseExact)
  const item = literally('item.value')
  const key = documentKey({ profile: item, search: item }, sort)
  const document = fromSent ? target.profile : target.search
  return sql`(select ${key} from jsonb_path_query(${document}, ${elementsPath(list)}::jsonpath) with ordinality as item (value, place)
    order by ${contains(item, { primary: true })} desc, item.place limit 1)`
}
