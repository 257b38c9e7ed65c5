import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../src/platform/json.js'

/**
 * Compares an answer with what a transcript expects, purely. Objects match in part: what is not named may be anything. Lists match as
 * a whole but in any order, because the values of a SCIM attribute have none. An object whose keys are all in `matchers` is a matcher.
 */

const matchers: Readonly<Record<string, (wanted: Json, actual: Json | undefined, at: string) => string[]>> = {
  $type: (wanted, actual, at) => (typeOf(actual) === wanted ? [] : [`${at}: expected a ${String(wanted)}, got ${shown(actual)}`]),
  /** `true`: no value, however the server says so: absent, null, an empty text, list or object. `false`: a value. */
  $empty: (wanted, actual, at) =>
    isEmpty(actual) === wanted ? [] : [`${at}: expected ${wanted ? 'no value' : 'a value'}, got ${shown(actual)}`],
  $matches: (wanted, actual, at) =>
    typeof actual === 'string' && new RegExp(String(wanted)).test(actual)
      ? []
      : [`${at}: expected text like /${String(wanted)}/, got ${shown(actual)}`],
  $oneOf: (wanted, actual, at) =>
    list(wanted).some((one) => mismatches(one, actual, at).length === 0)
      ? []
      : [`${at}: expected one of ${shown(wanted)}, got ${shown(actual)}`],
  $contains: (wanted, actual, at) =>
    list(wanted)
      .filter((one) => !list(actual).some((element) => mismatches(one, element, at).length === 0))
      .map((one) => `${at}: expected an element ${shown(one)}, got ${shown(actual)}`),
  $lacks: (wanted, actual, at) =>
    list(wanted)
      .filter((one) => list(actual).some((element) => mismatches(one, element, at).length === 0))
      .map((one) => `${at}: expected no element ${shown(one)}, got ${shown(actual)}`),
  $exactly: (wanted, actual, at) =>
    isDeepStrictEqual(wanted, actual) ? [] : [`${at}: expected exactly ${shown(wanted)}, got ${shown(actual)}`],
}

/** One line for each difference, starting with its JSON pointer; none where `actual` is as expected. */
export function mismatches(expected: Json, actual: Json | undefined, at = ''): string[] {
  if (Array.isArray(expected)) return compareLists(expected, actual, at)
  if (typeof expected !== 'object' || expected === null) {
    return expected === actual ? [] : [`${at || '/'}: expected ${shown(expected)}, got ${shown(actual)}`]
  }
  const conditions = Object.entries(expected).map(([key, wanted]) => [own(matchers, key), wanted] as const)
  if (conditions.length > 0 && conditions.every(([matcher]) => matcher)) {
    return conditions.flatMap(([matcher, wanted]) => matcher?.(wanted, actual, at || '/') ?? [])
  }
  if (!isObject(actual)) return [`${at || '/'}: expected an object, got ${shown(actual)}`]
  return Object.entries(expected).flatMap(([name, value]) => mismatches(value, own(actual, name), `${at}/${escaped(name)}`))
}

/** Each expected element needs one of its own among the actual ones, as many as there are. */
function compareLists(expected: readonly Json[], actual: Json | undefined, at: string): string[] {
  if (!Array.isArray(actual)) return [`${at || '/'}: expected a list, got ${shown(actual)}`]
  if (actual.length !== expected.length) {
    return [`${at || '/'}: expected ${expected.length} elements, got ${actual.length}: ${shown(actual)}`]
  }
  if (expected.length === 1) return mismatches(expected[0] ?? null, actual[0], `${at}/0`)
  const alone = unpaired(expected.length, (one) =>
    [...actual.keys()].filter((other) => mismatches(expected[one] ?? null, actual[other]).length === 0),
  )
  return alone.map((one) => `${at}/${one}: expected ${shown(expected[one])}, which no element left is: ${shown(actual)}`)
}

/** Pairs each of 0…count-1 with one of its candidates, no candidate twice, as many as can be; gives those left alone. */
function unpaired(count: number, candidates: (one: number) => readonly number[]): number[] {
  const takenBy = new Map<number, number>()
  const pair = (one: number, tried: Set<number>): boolean =>
    candidates(one).some((other) => {
      if (tried.has(other)) return false
      tried.add(other)
      const rival = takenBy.get(other)
      if (rival !== undefined && !pair(rival, tried)) return false
      takenBy.set(other, one)
      return true
    })
  return [...Array(count).keys()].filter((one) => !pair(one, new Set()))
}

/** The value a JSON pointer (RFC 6901) leads to; undefined where it leads nowhere. */
export function valueAt(document: Json | undefined, pointer: string): Json | undefined {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<Json | undefined>((value, key) => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) return value[Number(name)]
    return isObject(value) ? own(value, name) : undefined
  }, document)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const typeOf = (value: Json | undefined) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
