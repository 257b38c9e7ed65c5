import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Keys } from './predicate.js'

/** What must never be shown, asked about or written down: known by the definition of an attribute, never by its name (RFC 7643 §2.2, §7). */

export function isSecret({ returned, mutability }: Pick<AttributeDefinition, 'returned' | 'mutability'>): boolean {
  return returned === 'never' || mutability === 'writeOnly'
}

/** Keys to every secret among the definitions, each with `above` before it; lists are stepped through. */
export function secretKeys(definitions: readonly AttributeDefinition[], above: Keys): Keys[] {
  return definitions.flatMap((definition) => {
    const keys = [...above, definition.name]
    return isSecret(definition) ? [keys] : secretKeys(definition.subAttributes ?? [], keys)
  })
}
