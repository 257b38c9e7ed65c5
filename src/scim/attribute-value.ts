import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { findAttribute } from './attributes.js'
import { distinctElements } from './distinct.js'
import { refuse } from './errors.js'
import { isObject, knownEntries } from './keys.js'
import { mismatch, readSimple, type ValueSwitches } from './value.js'

/**
 * The value of an attribute, complex and multi-valued ones included: canonical sub-attribute names, read-only ones dropped, null
 * and empty lists unassigned (RFC 7643 §2.5). Whether required sub-attributes are there is another question (missingRequired),
 * because a PATCH may bring a part.
 */

/**
 * Reads all of an attribute: a list where it is multi-valued, else one value. Returns undefined for "unassigned".
 * Throws 400 invalidValue (shape, type, several primaries) or invalidSyntax (keys).
 */
export function readAttribute(
  definition: AttributeDefinition,
  value: Json,
  path: string,
  switches: ValueSwitches,
): Json | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined
  if (!definition.multiValued) {
    if (Array.isArray(value)) throw refuse('invalidValue', `"${path}" holds one value; a list was sent.`)
    return readElement(definition, value, path, switches)
  }
  if (!Array.isArray(value)) throw refuse('invalidValue', `"${path}" holds a list of values; send a list, also for one value.`)
  checkCount(definition, value, path)
  const mustName = namesResources(definition)
  const elements: Json[] = []
  for (const item of value) {
    const element = readElement(definition, item, path, switches)
    if (mustName && !(isObject(element) && element.value !== undefined) && !isUnassigned(item)) {
      throw refuse('invalidValue', `"${path}" has an element without "value", so it does not say which resource is meant.`)
    }
    if (element !== undefined) elements.push(element)
  }
  return elements.length === 0 ? undefined : distinctElements(definition, elements, path)
}

/**
 * Reads one value: an element of a multi-valued attribute, or a single value. A plain value for a complex attribute stands for its
 * `value` sub-attribute, as clients send managers and roles. Undefined where nothing is left.
 */
export function readElement(
  definition: AttributeDefinition,
  value: Json,
  path: string,
  switches: ValueSwitches,
): Json | undefined {
  if (value === null) return undefined
  if (definition.type !== 'complex') return readSimple(definition, value, path, switches)
  if (isObject(value)) return readObject(definition, value, path, switches)
  if (Array.isArray(value) || !findAttribute(definition.subAttributes ?? [], 'value')) throw mismatch(path, 'an object', value)
  return value === '' ? undefined : readObject(definition, { value }, path, switches)
}

function readObject(
  definition: AttributeDefinition,
  object: JsonObject,
  path: string,
  switches: ValueSwitches,
): JsonObject | undefined {
  const result: JsonObject = {}
  for (const [sub, value] of knownEntries(object, definition.subAttributes ?? [], path, switches)) {
    if (sub.mutability === 'readOnly') continue
    // No resource has the id "": Entra clears a manager so.
    if (value === '' && sub.name === 'value' && namesResources(definition)) continue
    const read = readAttribute(sub, value, `${path}.${sub.name}`, switches)
    if (read !== undefined) result[sub.name] = read
  }
  return Object.keys(result).length === 0 ? undefined : result
}

/** Lists are stored, read and compared whole with their resource. */
const mostValues = 1_000

/** Throws 400 invalidValue for a list longer than any person needs. Members are rows of their own, and may be many. */
export function checkCount(definition: AttributeDefinition, list: readonly Json[], path: string): void {
  if (list.length <= mostValues || namesResources(definition)) return
  throw refuse('invalidValue', `"${path}" may hold at most ${mostValues} values.`)
}

/** Whether the values point at resources, as members and managers do: they have a `$ref` beside `value`. */
function namesResources(definition: AttributeDefinition): boolean {
  const subAttributes = definition.subAttributes ?? []
  return subAttributes.some((sub) => sub.name === '$ref') && subAttributes.some((sub) => sub.name === 'value')
}

function isUnassigned(item: Json): boolean {
  return item === null || (isObject(item) && Object.values(item).every((value) => value === null))
}
