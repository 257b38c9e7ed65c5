import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { UniqueValue } from '../directory/index.js'
import type { Json, JsonObject } from '../platform/json.js'

/**
 * Values of a document that no other resource may have, by what the extension schemas say (RFC 7643 §2.2 `uniqueness`). The names
 * users and groups are known by (userName, externalId) are unique in columns of their own. Undefined where no attribute asks for it.
 */
export function uniqueValuesOf(type: ResourceType, document: JsonObject): UniqueValue[] | undefined {
  let asked = false
  const values: UniqueValue[] = []
  for (const { schema } of type.extensions) {
    const inner = document[schema.id]
    for (const attribute of schema.attributes) {
      if (attribute.uniqueness === 'none') continue
      asked = true
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
        values.push(...valuesOf(attribute, inner[attribute.name], `${type.name} ${schema.id}:${attribute.name}`))
      }
    }
  }
  return asked ? values : undefined
}

function valuesOf(attribute: AttributeDefinition, value: Json | undefined, name: string): UniqueValue[] {
  const items = attribute.multiValued && Array.isArray(value) ? value : [value]
  return items.flatMap((item) => (item === undefined || item === null ? [] : [{ attribute: name, value: JSON.stringify(item) }]))
}
