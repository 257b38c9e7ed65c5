import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'

/** Where a document holds what must never be shown: by the definition of an attribute, never by its name (RFC 7643 §2.2, §7). */

const known = new WeakMap<ResourceType, string[][]>()

/** Keys from the document's root to every attribute that is `returned: never` or `writeOnly`; lists are stepped through. */
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
    const isSecret = definition.returned === 'never' || definition.mutability === 'writeOnly'
    return isSecret ? [path] : secretsIn(definition.subAttributes ?? [], path)
  })
}
