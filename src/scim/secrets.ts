import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'

/** What must never be shown, asked about or written down: known by the definition of an attribute, never by its name (RFC 7643 §2.2, §7). */

export function isSecret({ returned, mutability }: Pick<AttributeDefinition, 'returned' | 'mutability'>): boolean {
  return returned === 'never' || mutability === 'writeOnly'
}

const known = new WeakMap<ResourceType, string[][]>()

/** Keys from a document's root to every secret attribute of its type; lists are stepped through. */
export function secretPathsOf(type: ResourceType): string[][] {
  const paths = known.get(type) ?? [
    ...secretsIn(type.schema.attributes, []),
    ...type.extensions.flatMap(({ schema }) => secretsIn(schema.attributes, [schema.id])),
  ]
  known.set(type, paths)
  return paths
}

function secretsIn(definitions: readonly AttributeDefinition[], above: readonly string[]): string[][] {
  return definitions.flatMap((definition) => {
    const path = [...above, definition.name]
    return isSecret(definition) ? [path] : secretsIn(definition.subAttributes ?? [], path)
  })
}
