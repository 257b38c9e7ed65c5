import type { ResourceType } from '../contract/attribute-definition.js'
import { secretKeys } from '../directory/index.js'

/** What must never be shown, asked about or written down: known by the definition of an attribute, never by its name (RFC 7643 §2.2, §7). */

export { isSecret } from '../directory/index.js'

const known = new WeakMap<ResourceType, (readonly string[])[]>()

/** Keys from a document's root to every secret attribute of its type; lists are stepped through. */
export function secretPathsOf(type: ResourceType): (readonly string[])[] {
  const paths = known.get(type) ?? [
    ...secretKeys(type.schema.attributes, []),
    ...type.extensions.flatMap(({ schema }) => secretKeys(schema.attributes, [schema.id])),
  ]
  known.set(type, paths)
  return paths
}
