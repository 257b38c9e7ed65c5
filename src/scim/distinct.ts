import type { AttributeDefinition } from '../contract/attribute-definition.js'
import { fold } from '../directory/index.js'
import type { Json } from '../platform/json.js'
import { findAttribute } from './attributes.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'

/** The elements of a multi-valued attribute as a set: a (type, value) pair once, `primary` true once (RFC 7643 §2.4). */

/**
 * What makes two elements the same: type and value, each by its caseExact; where there is no `value`, every sub-attribute but
 * `primary`, which says nothing about what the element is. Equal keys, same element.
 */
export function elementKey(definition: AttributeDefinition, element: Json): string {
  if (!isObject(element)) return JSON.stringify(comparable(definition, element))
  const names =
    element.value === undefined
      ? Object.keys(element)
          .filter((name) => name !== 'primary')
          .sort()
      : ['type', 'value']
  return JSON.stringify(
    names.map((name) => {
      const value = element[name] ?? null
      const sub = findAttribute(definition.subAttributes ?? [], name)
      return [name, sub ? comparable(sub, value) : value]
    }),
  )
}

/**
 * Joins elements that are the same, what comes later winning, and keeps the order of first mention. Throws 400 invalidValue where
 * more than one is primary.
 */
export function distinctElements(definition: AttributeDefinition, elements: readonly Json[], path: string): Json[] {
  const kept = new Map<string, Json>()
  for (const element of elements) {
    const key = elementKey(definition, element)
    const earlier = kept.get(key)
    kept.set(key, isObject(earlier) && isObject(element) ? { ...earlier, ...element } : (earlier ?? element))
  }
  const result = [...kept.values()]
  if (result.filter(isPrimary).length > 1) {
    throw refuse('invalidValue', `"${path}" has more than one value with "primary": true; at most one may be primary.`)
  }
  return result
}

/** Whether the element is marked as the preferred one. */
export function isPrimary(element: Json): boolean {
  return isObject(element) && element.primary === true
}

function comparable(definition: AttributeDefinition, value: Json): Json {
  return typeof value === 'string' && !definition.caseExact ? fold(value) : value
}
