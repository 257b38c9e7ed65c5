import type { Json } from '../platform/json.js'
import { compareText, comparisonSign } from './filter-column.js'
import { fold } from './fold.js'
import { type Fragment, sql } from './fragment.js'
import type { Comparison, Keys, Predicate } from './predicate.js'

/**
 * Comparisons inside the jsonb documents of a row or of one list element. Equality is containment, which the GIN indexes on
 * `search` serve; nothing here raises an error on a value of another type, it just does not match.
 */

/** The document as sent and the folded one. */
export type Documents = { readonly profile: Fragment; readonly search: Fragment }

/** The jsonb value at `keys`. */
export function jsonAt(document: Fragment, keys: Keys): Fragment {
  return keys.reduce((path, key) => sql`${path} -> ${key}::text`, document)
}

/** The value at `keys` as text; SQL null where there is none. */
export function textAt(document: Fragment, keys: Keys): Fragment {
  const last = keys.at(-1)
  return last === undefined ? sql`(${document} #>> '{}')` : sql`(${jsonAt(document, keys.slice(0, -1))} ->> ${last}::text)`
}

/** A jsonb number at `keys`; SQL null where there is none. */
export function numberAt(document: Fragment, keys: Keys): Fragment {
  const value = sql`(${jsonAt(document, keys)})`
  return sql`(case when jsonb_typeof(${value}) = 'number' then ${value} end)`
}

const longMonth = '(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])'
const shortMonth = '(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)'
const february = '02-(?:0[1-9]|1[0-9]|2[0-8])'
const leapYear = '(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)'
const day = `(?:(?!0000)[0-9]{4}-(?:${longMonth}|${shortMonth}|${february})|${leapYear}-02-29)`
const time = '(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,20})?|24:00:00(?:[.]0{1,20})?)'
const zone = '(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)'
const withZone = `^${day}T${time}${zone}$`
const withoutZone = `^${day}T${time}$`

/** The xsd:dateTime at `keys` as timestamptz, read as UTC without a zone; SQL null where the cast would fail. */
export function instantAt(document: Fragment, keys: Keys): Fragment {
  const text = textAt(document, keys)
  return sql`(case when ${text} ~ ${withZone} then ${text}::timestamptz when ${text} ~ ${withoutZone} then (${text} || 'Z')::timestamptz end)`
}

export function presentAt({ search }: Documents, keys: Keys): Fragment {
  return sql`${textAt(search, keys)} <> ''`
}

export function compareDocument(documents: Documents, comparison: Comparison): Fragment {
  const { kind, keys, op, value } = comparison
  if (kind === 'instant') return ordered(instantAt(documents.profile, keys), op, sql`${zoned(value)}::timestamptz`)
  if (op === 'eq') return equals(documents, comparison)
  if (op === 'ne') return sql`not ${equals(documents, comparison)}`
  if (kind === 'text')
    return compareText(textAt(comparison.caseExact ? documents.profile : documents.search, keys), op, literal(comparison))
  return sql`${numberAt(documents.search, keys)} ${comparisonSign(op)} ${JSON.stringify(value)}::jsonb`
}

function ordered(left: Fragment, op: Exclude<Comparison['op'], 'co' | 'sw' | 'ew'>, right: Fragment): Fragment {
  return sql`${left} ${comparisonSign(op)} ${right}`
}

// Only the folded document has an index, so an exact comparison asks it too.
function equals({ profile, search }: Documents, comparison: Exclude<Comparison, { kind: 'instant' }>): Fragment {
  const { keys, value } = comparison
  const found = contains(search, nest(keys, folded(value)))
  if (comparison.kind !== 'text' || !comparison.caseExact) return found
  return sql`(${found} and ${contains(profile, nest(keys, value))})`
}

const folded = (value: string | number | boolean): Json => (typeof value === 'string' ? fold(value) : value)

const literal = (comparison: Extract<Comparison, { kind: 'text' }>): string =>
  comparison.caseExact ? comparison.value : fold(comparison.value)

const zoned = (value: string): string => (/(?:Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`)

export function contains(document: Fragment, part: Json): Fragment {
  return sql`(${document} @> ${JSON.stringify(part)}::jsonb)`
}

/** `value` as it stands in a document at `keys`. */
export function nest(keys: Keys, value: Json): Json {
  return keys.reduceRight<Json>((inner, key) => Object.fromEntries([[key, inner]]), value)
}

/** The jsonpath of every element of the list at `keys`. Keys come from attribute definitions; quoting them keeps URNs whole. */
export function elementsPath(keys: Keys): string {
  return `$${keys.map((key) => `.${JSON.stringify(key)}`).join('')}[*]`
}

/**
 * The part of a folded document that an element must hold to satisfy `predicate`, where it is a conjunction of equalities without
 * contradiction; then containment is what `predicate` means but for case-exact comparisons. Undefined for any other predicate.
 */
export function foldedPart(predicate: Predicate): Json | undefined {
  switch (predicate.kind) {
    case 'text':
    case 'boolean':
    case 'number':
      return predicate.op === 'eq' ? nest(predicate.keys, folded(predicate.value)) : undefined
    case 'any': {
      const inner = foldedPart(predicate.where)
      return inner === undefined ? undefined : nest(predicate.keys, [inner])
    }
    case 'and':
      return predicate.of.map(foldedPart).reduce(merged, {})
    default:
      return undefined
  }
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(one: Json | undefined, other: Json | undefined): Json | undefined {
  if (!isObject(one) || !isObject(other)) return undefined
  const result = new Map(Object.entries(one))
  for (const [key, value] of Object.entries(other)) {
    const both = result.has(key) ? merged(result.get(key), value) : value
    if (both === undefined) return undefined
    result.set(key, both)
  }
  return Object.fromEntries(result)
}

/** Whether any comparison in `predicate` needs the document as sent. */
export function hasExact(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.some(hasExact)
    case 'not':
      return hasExact(predicate.of)
    case 'any':
      return hasExact(predicate.where)
    default:
      return predicate.kind === 'text' && predicate.caseExact
  }
}
