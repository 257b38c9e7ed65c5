import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'

/**
 * Immutable attributes: set once, by whichever request brings them first, and never changed or taken away (RFC 7643 §2.2). Inside
 * the elements of a multi-valued attribute nothing is compared: another element is another value, not a changed one.
 */

/** Throws 400 mutability where `after` changes or lacks an immutable value that `before` has. */
export function checkImmutable(type: ResourceType, before: JsonObject, after: JsonObject): void {
  compare(type.schema.attributes, before, after, '')
  for (const { schema } of type.extensions)
    compare(schema.attributes, part(before[schema.id]), part(after[schema.id]), `${schema.id}:`)
}

/**
 * `after` with the immutable values it leaves out taken from `before`: a PUT that does not mention one asserts nothing about it
 * (RFC 7644 §3.5.1). Values that differ stay, for checkImmutable to refuse.
 */
export function carryImmutable(type: ResourceType, before: JsonObject, after: JsonObject): JsonObject {
  const result = carry(type.schema.attributes, before, after)
  for (const { schema } of type.extensions) {
    const carried = carry(schema.attributes, part(before[schema.id]), part(after[schema.id]))
    if (Object.keys(carried).length > 0) result[schema.id] = carried
  }
  return result
}

function compare(definitions: readonly AttributeDefinition[], before: JsonObject, after: JsonObject, prefix: string): void {
  for (const definition of definitions) {
    const old = before[definition.name]
    if (old === undefined) continue
    const now = after[definition.name]
    const path = prefix + definition.name
    if (definition.mutability === 'immutable') {
      if (!same(old, now)) throw refuse('mutability', `"${path}" is immutable: it was set and cannot be changed or removed.`)
    } else if (!definition.multiValued && definition.subAttributes) {
      compare(definition.subAttributes, part(old), part(now), `${path}.`)
    }
  }
}

function carry(definitions: readonly AttributeDefinition[], before: JsonObject, after: JsonObject): JsonObject {
  const result = { ...after }
  for (const definition of definitions) {
    const { name } = definition
    const old = before[name]
    if (old === undefined) continue
    if (definition.mutability === 'immutable') result[name] ??= old
    else if (!definition.multiValued && definition.subAttributes) {
      const carried = carry(definition.subAttributes, part(old), part(result[name]))
      if (Object.keys(carried).length > 0) result[name] = carried
    }
  }
  return result
}

/** Lists are compared without order, as RFC 7643 §2.4 gives multi-valued attributes none. */
function same(a: Json, b: Json | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return isDeepStrictEqual(a, b)
  return a.length === b.length && a.every((element) => b.some((other) => isDeepStrictEqual(element, other)))
}

function part(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
