import type { AttributeDefinition } from '../contract/attribute-definition.js'
import { fold } from '../directory/index.js'
import type { Json, JsonObject } from '../platform/json.js'
import { findAttribute } from './attributes.js'
import { elementKey, isPrimary } from './distinct.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'

/** The elements of a multi-valued attribute under PATCH: which are the same, which a remove names, which is the primary one. */

/** Elements are never changed in place, so that a key stays right as long as the element lives. */
const knownKeys = new WeakMap<JsonObject, string>()

/**
 * Equal keys, same value: (type, value) by caseExact where there is a `value`, else all sub-attributes by caseExact but `primary`,
 * which says nothing about what the value is.
 */
export function sameKey(definition: AttributeDefinition, element: Json): string {
  if (!isObject(element)) return elementKey(definition, element)
  const known = knownKeys.get(element)
  if (known !== undefined) return known
  const key = elementKey(definition, Object.hasOwn(element, 'value') ? element : withoutPrimary(definition, element))
  knownKeys.set(element, key)
  return key
}

function withoutPrimary(definition: AttributeDefinition, element: JsonObject): JsonObject {
  const comparable: JsonObject = {}
  for (const [name, value] of Object.entries(element)) {
    const sub = findAttribute(definition.subAttributes ?? [], name)
    if (name !== 'primary') comparable[name] = typeof value === 'string' && !sub?.caseExact ? fold(value) : value
  }
  return comparable
}

/** The sub-attributes that tell `element` from the others of its list. */
export function identityOf(element: JsonObject): string[] {
  return Object.hasOwn(element, 'value') ? ['value', 'type'] : Object.keys(element).filter((name) => name !== 'primary')
}

/**
 * `list` without the elements that `named` describes. An element with a `value` is found by it, and by `type` where that was sent
 * too; without a `value` every sub-attribute that was sent must agree.
 */
export function withoutNamed(definition: AttributeDefinition, list: readonly Json[], named: readonly Json[]): Json[] {
  const wanted = new Map<string, { names: string[]; keys: Set<string> }>()
  for (const item of named) {
    const names = isObject(item) ? namesOf(item) : []
    const group = wanted.get(names.join()) ?? { names, keys: new Set() }
    group.keys.add(sameKey(definition, picked(item, names)))
    wanted.set(names.join(), group)
  }
  const groups = [...wanted.values()]
  return list.filter((element) => !groups.some(({ names, keys }) => keys.has(sameKey(definition, picked(element, names)))))
}

/** `list` with `primary` false on every element that had it true, but for the one at `chosen`: RFC 7644 §3.5.2. */
export function withOnePrimary(list: readonly Json[], chosen: number): Json[] {
  return list.map((element, at) =>
    at !== chosen && isObject(element) && isPrimary(element) ? { ...element, primary: false } : element,
  )
}

/** The 400 for an operation that makes several elements the primary one. */
export function severalPrimaries(path: string): Error {
  return refuse('invalidValue', `This would make more than one value of "${path}" primary; at most one may be (RFC 7643 §2.4).`)
}

/** The sub-attributes by which an element that a remove names is found. */
export function namesOf(item: JsonObject): string[] {
  if (Object.hasOwn(item, 'value')) return ['value', 'type'].filter((name) => Object.hasOwn(item, name))
  return Object.keys(item).sort()
}

function picked(element: Json, names: readonly string[]): Json {
  if (!isObject(element)) return element
  return Object.fromEntries(names.filter((name) => Object.hasOwn(element, name)).map((name) => [name, element[name] ?? null]))
}
