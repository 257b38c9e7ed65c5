import type { ResourceType, Schema } from '../contract/attribute-definition.js'
import { type UniqueValue, uniqueNames, uniqueValuesUnder } from '../directory/index.js'
import type { JsonObject } from '../platform/json.js'
import { isObject } from './keys.js'

/**
 * Values of a document that no other resource may have, by what the schemas say (RFC 7643 §2.2 `uniqueness`): those of the extensions,
 * and of the core schema where it is given as `core`. The names users and groups are known by (userName, externalId) are unique in
 * columns of their own. Undefined where no attribute asks for it.
 */
export function uniqueValuesOf(
  type: ResourceType,
  document: JsonObject,
  core: readonly [] | readonly [Schema] = [],
): UniqueValue[] | undefined {
  const extensions = type.extensions.map(({ schema }) => schema)
  const ask = ({ id, attributes }: Schema) => uniqueNames(type.name, { urn: id, attributes }).length > 0
  if (![...core, ...extensions].some(ask)) return undefined
  const under = ({ id, attributes }: Schema, holder: JsonObject) => uniqueValuesUnder(type.name, { urn: id, attributes }, holder)
  return [
    ...core.flatMap((schema) => under(schema, document)),
    ...extensions.flatMap((schema) => {
      const inner = document[schema.id]
      return isObject(inner) ? under(schema, inner) : []
    }),
  ]
}
