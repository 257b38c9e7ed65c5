import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { checkCount, readElement } from './attribute-value.js'
import { findAttribute } from './attributes.js'
import { refuse } from './errors.js'
import { isObject, knownEntries } from './keys.js'
import { mismatch, readSimple, type ValueSwitches } from './value.js'

/**
 * The value of a PATCH operation against its definition. Unlike the reading of a whole resource, "null" survives: in a PATCH it
 * takes a value away (RFC 7643 §2.5), where in a resource it says nothing.
 */

/**
 * Reads what an operation brings for `definition`: null, a list of elements where it is multi-valued (one value may stand for a list
 * of one), else one value; an object may hold null for sub-attributes. Read-only sub-attributes are left out. Throws 400
 * invalidValue or invalidSyntax, naming `path`.
 */
export function readGiven(definition: AttributeDefinition, value: Json, path: string, switches: ValueSwitches): Json {
  if (value === null) return null
  if (!definition.multiValued) return readOne(definition, value, path, switches)
  const items = Array.isArray(value) ? value : [value]
  checkCount(definition, items, path)
  return items.flatMap((item) => {
    const element = readElement(definition, item, path, switches)
    if (element !== undefined) return [element]
    if (isObject(item) && !isUnassigned(item)) {
      throw refuse('invalidValue', `"${path}" has an element without any sub-attribute that can be written.`)
    }
    return []
  })
}

/** One element of a multi-valued attribute, read for merging into others: like a single complex value. */
export function oneOf(definition: AttributeDefinition): AttributeDefinition {
  return definition.multiValued ? { ...definition, multiValued: false } : definition
}

function readOne(definition: AttributeDefinition, value: Json, path: string, switches: ValueSwitches): Json {
  if (Array.isArray(value) && value.length === 0) return null
  if (definition.type !== 'complex') return readSimple(definition, value, path, switches)
  if (isObject(value)) return readParts(definition, value, path, switches)
  const plain = findAttribute(definition.subAttributes ?? [], 'value')
  if (!plain) throw mismatch(path, 'an object', value)
  // Entra sends a manager as "id", as [{"value": "id"}] and, to clear it, as "".
  if (Array.isArray(value)) {
    const [only = null, ...others] = value
    if (others.length > 0 || Array.isArray(only)) throw mismatch(path, 'one object', value)
    return readGiven(definition, only, path, switches)
  }
  return value === '' ? null : { [plain.name]: readSimple(plain, value, `${path}.${plain.name}`, switches) }
}

function readParts(definition: AttributeDefinition, object: JsonObject, path: string, switches: ValueSwitches): JsonObject {
  const parts: JsonObject = {}
  for (const [sub, value] of knownEntries(object, definition.subAttributes ?? [], path, switches)) {
    if (sub.mutability !== 'readOnly') parts[sub.name] = readPart(definition, sub, value, `${path}.${sub.name}`, switches)
  }
  return parts
}

/** Reads what an operation brings for the sub-attribute `sub` of one value of `definition`; no resource has the id "". */
export function readPart(
  definition: AttributeDefinition,
  sub: AttributeDefinition,
  value: Json,
  path: string,
  switches: ValueSwitches,
): Json {
  const pointsAtResource = sub.name === 'value' && findAttribute(definition.subAttributes ?? [], '$ref')
  if (value === '' && pointsAtResource) return null
  return readGiven(sub, value, path, switches)
}

function isUnassigned(object: JsonObject): boolean {
  const values = Object.values(object)
  return values.length > 0 && values.every((value) => value === null)
}
