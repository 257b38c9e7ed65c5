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
  const conditions = Object.entries(expected).map(([key, wanted]) => [matchers[key], wanted] as const)
  if (conditions.length > 0 && conditions.every(([matcher]) => matcher)) {
    return conditions.flatMap(([matcher, wanted]) => matcher?.(wanted, actual, at || '/') ?? [])
  }
  if (!isObject(actual)) return [`${at || '/'}: expected an object, got ${shown(actual)}`]
  return Object.entries(expected).flatMap(([name, value]) => mismatches(value, actual[name], `${at}/${escaped(name)}`))
}

/** Each expected element needs one of its own among the actual ones, as many as there are. */
function compareLists(expected: readonly Json[], actual: Json | undefined, at: string): string[] {
  if (!Array.isArray(actual)) return [`${at || '/'}: expected a list, got ${shown(actual)}`]
  if (actual.length !== expected.length) {
    return [`${at || '/'}: expected ${expected.length} elements, got ${actual.length}: ${shown(actual)}`]
  }
  const left = [...actual]
  return expected.flatMap((one, index) => {
    const found = left.findIndex((element) => mismatches(one, element).length === 0)
    if (found >= 0) {
      left.splice(found, 1)
      return []
    }
    if (expected.length === 1) return mismatches(one, actual[0], `${at}/${index}`)
    return [`${at}/${index}: expected ${shown(one)}, which none of these is: ${shown(actual)}`]
  })
}

/** The value a JSON pointer (RFC 6901) leads to; undefined where it leads nowhere. */
export function valueAt(document: Json | undefined, pointer: string): Json | undefined {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<Json | undefined>((value, key) => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) return value[Number(name)]
    return isObject(value) ? value[name] : undefined
  }, document)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
