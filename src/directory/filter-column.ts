import { isId } from '../platform/ids.js'
import { fold } from './fold.js'
import { type Fragment, joined, literally, sql } from './fragment.js'
import type { Column, Comparison, OrderOperator, TextOperator } from './predicate.js'

/** Comparisons on columns and on text, written so that the b-tree indexes can serve equality, order and prefixes. */

const signs = { eq: '=', ne: 'is distinct from', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

/** The SQL operator; `ne` holds for what is absent, too. */
export function comparisonSign(op: OrderOperator): Fragment {
  return literally(signs[op])
}

/** Text against a literal, in code-point order. `^@` is "starts with", which a b-tree in collation "C" serves. */
export function compareText(text: Fragment, op: TextOperator, value: string): Fragment {
  switch (op) {
    case 'co':
      return sql`strpos(${text}, ${value}::text) > 0`
    case 'sw':
      return sql`${text} ^@ ${value}::text`
    case 'ew':
      return sql`right(${text}, ${[...value].length}::int) = ${value}::text`
    case 'eq':
    case 'ne':
      return sql`${text} ${comparisonSign(op)} ${value}::text`
    default:
      return sql`${text} collate "C" ${comparisonSign(op)} ${value}::text`
  }
}

export function presentColumn(column: Column): Fragment {
  return column.nullable ? sql`${column.sql} <> ''` : sql`${true}::boolean`
}

export function compareColumn(column: Column, comparison: Comparison): Fragment {
  if (comparison.kind === 'boolean' && column.kind === 'boolean') {
    return sql`${column.sql} ${comparisonSign(comparison.op)} ${comparison.value}`
  }
  if (comparison.kind === 'instant' && column.kind === 'instant')
    return compareInstant(column.sql, comparison.op, comparison.value)
  if (comparison.kind !== 'text' || column.kind === 'boolean' || column.kind === 'instant') {
    throw new Error(`${comparison.keys.join('.')} is compared as ${comparison.kind}, but its column holds ${column.kind}`)
  }
  if (column.kind === 'id') return compareId(column, comparison)
  return compareText(column.sql, comparison.op, columnLiteral(column, comparison))
}

// A key is trimmed, so a whole value is; a part of one is compared as it is.
function columnLiteral(column: Column, { op, value }: Extract<Comparison, { kind: 'text' }>): string {
  if (column.kind === 'exact') return value
  const isPart = op === 'co' || op === 'sw' || op === 'ew'
  return column.kind === 'key' && !isPart ? fold(value.trim()) : fold(value)
}

const nobody = '00000000-0000-0000-0000-000000000000'

// What is no id equals no id: it is compared as the nil UUID, so that the SQL stays the same and the cast never fails.
function compareId(column: Column, { op, value, caseExact }: Extract<Comparison, { kind: 'text' }>): Fragment {
  const text = caseExact ? value : fold(value)
  const id = isId(text) ? text : nobody
  const places = column.lookup ?? [column.sql]
  const found = joined(
    places.map((place) => sql`${place} = ${id}::uuid`),
    ' or ',
  )
  if (op === 'eq') return sql`(${found})`
  if (op === 'ne') return sql`(${column.sql} is distinct from ${id}::uuid)`
  return compareText(sql`(${column.sql})::text`, op, text)
}

/**
 * A timestamp is shown in whole milliseconds and stored in microseconds, so it counts as the millisecond it lies in: whoever asks
 * for what is `gt` the time they were shown does not get the same resource again.
 */
function compareInstant(column: Fragment, op: OrderOperator, value: string): Fragment {
  const { from, after } = millisecond(value)
  const start = sql`${from}::timestamptz`
  const end = sql`${after}::timestamptz`
  switch (op) {
    case 'eq':
      return sql`(${column} >= ${start} and ${column} < ${end})`
    case 'ne':
      return sql`(${column} < ${start} or ${column} >= ${end})`
    case 'gt':
    case 'le':
      return sql`${column} ${literally(op === 'gt' ? '>=' : '<')} ${end}`
    case 'ge':
    case 'lt':
      return sql`${column} ${literally(op === 'ge' ? '>=' : '<')} ${start}`
  }
}

const earliest = Date.UTC(1000, 0, 1)
const latest = Date.UTC(9999, 0, 1)

/** The first whole millisecond not before the instant, and the first one after it. */
function millisecond(value: string): { from: string; after: string } {
  const [, whole = value, fraction = '', zone = 'Z'] = /^([^.Z+]*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(value) ?? []
  const floor = Date.parse(`${whole}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`)
  const isExact = /^0*$/.test(fraction.slice(3))
  const iso = (time: number) => new Date(Math.min(Math.max(time, earliest), latest)).toISOString()
  return { from: iso(isExact ? floor : floor + 1), after: iso(floor + 1) }
}
