import { fold, type Predicate } from '../directory/index.js'
import type { Json, JsonObject } from '../platform/json.js'
import { isObject } from './keys.js'

/**
 * The same predicates that become SQL in queries, asked of one element in memory: a PATCH path chooses elements of a document that is
 * already here (RFC 7644 §3.5.2). What a predicate means is said in directory/predicate.ts; one oracle tests both.
 */

type Comparison = Extract<Predicate, { op: unknown }>
type Comparable = string | number | bigint | boolean

/** A test for elements; the keys of `where` start at the element. Literals are folded once, not once an element. */
export function elementTest(where: Predicate): (element: Json) => boolean {
  switch (where.kind) {
    case 'const':
      return () => where.value
    case 'and': {
      const terms = where.of.map(elementTest)
      return (element) => terms.every((term) => term(element))
    }
    case 'or': {
      const terms = where.of.map(elementTest)
      return (element) => terms.some((term) => term(element))
    }
    case 'not': {
      const term = elementTest(where.of)
      return (element) => !term(element)
    }
    case 'any': {
      const inner = elementTest(where.where)
      return (element) => {
        const list = valueAt(element, where.keys)
        return Array.isArray(list) && list.some(inner)
      }
    }
    case 'present':
      return (element) => {
        const value = valueAt(element, where.keys)
        return value !== undefined && value !== null && value !== ''
      }
    default: {
      const wanted = comparable(where, where.value)
      return (element) => compare(where.op, comparable(where, valueAt(element, where.keys)), wanted)
    }
  }
}

/**
 * The element a predicate describes: what its `eq` terms say, where it is nothing but such terms joined by "and". Undefined where it
 * says less, or contradicts itself. `element` is a plain value where the predicate is about elements that have no sub-attributes.
 */
export function describedElement(where: Predicate): Json | undefined {
  const terms = conjunction(where)
  const found = new Map<string, Json>()
  for (const term of terms ?? []) {
    const [key, ...deeper] = term.keys
    if (key === undefined) return terms?.length === 1 ? term.value : undefined
    if (deeper.length > 0 || found.has(key)) return undefined
    found.set(key, term.value)
  }
  return found.size === 0 ? undefined : Object.fromEntries(found)
}

function conjunction(where: Predicate): Comparison[] | undefined {
  if (where.kind === 'and') {
    const parts = where.of.map(conjunction)
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined
  }
  return 'op' in where && where.op === 'eq' ? [where] : undefined
}

function valueAt(element: Json, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = element
  for (const key of keys) value = isObject(value) ? own(value, key) : undefined
  return value
}

/** An object's own value; what it inherits, such as toString, is not data. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function compare(op: Comparison['op'], value: Comparable | undefined, wanted: Comparable | undefined): boolean {
  if (value === undefined || wanted === undefined) return op === 'ne'
  switch (op) {
    case 'eq':
      return value === wanted
    case 'ne':
      return value !== wanted
    case 'co':
      return String(value).includes(String(wanted))
    case 'sw':
      return String(value).startsWith(String(wanted))
    case 'ew':
      return String(value).endsWith(String(wanted))
    case 'gt':
      return order(value, wanted) > 0
    case 'ge':
      return order(value, wanted) >= 0
    case 'lt':
      return order(value, wanted) < 0
    case 'le':
      return order(value, wanted) <= 0
  }
}

/** The value in the form it is compared in; undefined where it is absent or of another type. */
function comparable(comparison: Comparison, value: Json | undefined): Comparable | undefined {
  switch (comparison.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'instant':
      return typeof value === 'string' ? instant(value) : undefined
    case 'text':
      return typeof value === 'string' ? (comparison.caseExact ? value : fold(value)) : undefined
  }
}

/** Microseconds since 1970, as fine as PostgreSQL compares; a time without a zone is UTC. */
function instant(dateTime: string): bigint {
  const [, whole = '', fraction = '', zone = ''] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(dateTime) ?? []
  const seconds = new Date(`${whole}${zone || 'Z'}`).getTime()
  return BigInt(seconds) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Text is ordered by code points, as bytes of UTF-8 are, and as PostgreSQL's "C" collation has it. */
function order(a: Comparable, b: Comparable): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}
