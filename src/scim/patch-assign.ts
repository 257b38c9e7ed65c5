import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { checkCount } from './attribute-value.js'
import { distinctElements, isPrimary } from './distinct.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'
import { identityOf, sameKey, severalPrimaries, withOnePrimary } from './patch-elements.js'

/**
 * What an attribute holds after an add or replace (RFC 7644 §3.5.2.1, §3.5.2.3). All functions return new values and leave what they
 * were given alone; undefined stands for "unassigned".
 */

export type Verb = 'add' | 'replace'

/**
 * The new value of `definition`, which held `current`, once `given` (from readGiven) is added or put in its place. Throws 400
 * mutability or invalidValue, naming `path`.
 */
export function assigned(
  definition: AttributeDefinition,
  current: Json | undefined,
  given: Json,
  verb: Verb,
  path: string,
): Json | undefined {
  if (definition.multiValued) {
    const list = verb === 'add' ? listOf(current) : []
    return listOrNothing(addElements(definition, list, given === null ? [] : listOf(given), path))
  }
  if (given === null) return undefined
  if (definition.type !== 'complex') return given
  return merged(definition, isObject(current) ? current : {}, isObject(given) ? given : {}, verb, path)
}

/**
 * One complex value with `parts` assigned and the other sub-attributes left unchanged; undefined where nothing is left. A `$ref`
 * goes with the `value` it was for.
 */
export function merged(
  definition: AttributeDefinition,
  current: JsonObject,
  parts: JsonObject,
  verb: Verb,
  path: string,
): JsonObject | undefined {
  const result = new Map(Object.entries(current))
  const staleRef = Object.hasOwn(parts, 'value') && parts.value !== result.get('value') && !Object.hasOwn(parts, '$ref')
  if (staleRef) result.delete('$ref')
  for (const sub of definition.subAttributes ?? []) {
    const given = Object.hasOwn(parts, sub.name) ? parts[sub.name] : undefined
    if (given === undefined) continue
    const before = result.get(sub.name)
    const after = assigned(sub, before, given, verb, `${path}.${sub.name}`)
    checkMutability(sub, before, after, `${path}.${sub.name}`)
    if (after === undefined) result.delete(sub.name)
    else result.set(sub.name, after)
  }
  return result.size === 0 ? undefined : Object.fromEntries(result)
}

/**
 * Throws 400 mutability where an immutable value changes once set, or a required one becomes unassigned: RFC 7644 §3.5.2,
 * §3.5.2.2.
 */
export function checkMutability(
  definition: AttributeDefinition,
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): void {
  if (definition.required && after === undefined) {
    throw refuse('mutability', `"${path}" is required and cannot be removed or left without a value.`)
  }
  const isSet = definition.mutability === 'immutable' && before !== undefined
  if (isSet && !isDeepStrictEqual(before, after)) {
    throw refuse('mutability', `"${path}" is immutable: it was set and cannot be changed or removed.`)
  }
}

/**
 * `list` with `incoming` appended. A value that is there already is not added again: what else came with it is merged into it, and
 * type and value keep their spelling. A new primary value takes the mark from the old one.
 */
export function addElements(
  definition: AttributeDefinition,
  list: readonly Json[],
  incoming: readonly Json[],
  path: string,
): Json[] {
  const result = [...list]
  const places = new Map(list.map((element, at) => [sameKey(definition, element), at]))
  const chosen = new Set<number>()
  for (const item of incoming) {
    const key = sameKey(definition, item)
    const at = places.get(key) ?? result.length
    places.set(key, at)
    result[at] = at === result.length ? item : joined(definition, result[at], item, path)
    if (isPrimary(item)) chosen.add(at)
  }
  checkCount(definition, result, path)
  return onePrimary(result, chosen, path)
}

/**
 * `list` with `change` applied to the elements whose place is in `chosen`; one it turns to undefined is gone, and two that become the
 * same (type, value) become one.
 */
export function changeElements(
  definition: AttributeDefinition,
  list: readonly Json[],
  chosen: ReadonlySet<number>,
  change: (element: Json) => Json | undefined,
  path: string,
): Json[] {
  const result: Json[] = []
  const primaries = new Set<number>()
  let isOther = false
  for (const [at, element] of list.entries()) {
    const changed = chosen.has(at) ? change(element) : element
    if (changed === undefined) continue
    if (changed !== element) {
      if (isPrimary(changed) && !isPrimary(element)) primaries.add(result.length)
      isOther ||= sameKey(definition, changed) !== sameKey(definition, element)
    }
    result.push(changed)
  }
  const settled = onePrimary(result, primaries, path)
  return isOther ? distinctElements(definition, settled, path) : settled
}

/** The elements of a multi-valued attribute, none where it is unassigned. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** An empty list is the same as no value (RFC 7643 §2.5). */
export function listOrNothing(list: Json[]): Json[] | undefined {
  return list.length === 0 ? undefined : list
}

function joined(definition: AttributeDefinition, existing: Json | undefined, item: Json, path: string): Json {
  if (!isObject(existing) || !isObject(item)) return existing ?? item
  const identity = identityOf(item)
  const rest = Object.fromEntries(Object.entries(item).filter(([name]) => !identity.includes(name)))
  return merged(definition, existing, rest, 'add', path) ?? existing
}

function onePrimary(list: Json[], chosen: Set<number>, path: string): Json[] {
  const [only, ...others] = chosen
  if (others.length > 0) throw severalPrimaries(path)
  return only === undefined ? list : withOnePrimary(list, only)
}
