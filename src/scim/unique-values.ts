import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { UniqueValue } from '../directory/index.js'
import type { Json, JsonObject } from '../platform/json.js'
import { isObject } from './keys.js'

/**
 * Values of a document that no other resource may have, by what the extension schemas say (RFC 7643 §2.2 `uniqueness`). The names
 * users and groups are known by (userName, externalId) are unique in columns of their own. Undefined where no attribute asks for it.
 */
export function uniqueValuesOf(type: ResourceType, document: JsonObject): UniqueValue[] | undefined {
  const schemas = type.extensions.map(({ schema }) => schema)
  if (!schemas.some((schema) => schema.attributes.some(asksForUnique))) return undefined
  return schemas.flatMap((schema) => {
    const inner = document[schema.id]
    return isObject(inner) ? valuesIn(schema.attributes, inner, `${type.name} ${schema.id}:`) : []
  })
}

function asksForUnique({ type, uniqueness, subAttributes }: AttributeDefinition): boolean {
  return type === 'complex' ? (subAttributes ?? []).some((sub) => sub.uniqueness !== 'none') : uniqueness !== 'none'
}

/** A complex attribute is unique by its parts: what makes two whole objects the same, no schema says. */
function valuesIn(definitions: readonly AttributeDefinition[], holder: JsonObject, prefix: string): UniqueValue[] {
  return definitions.filter(asksForUnique).flatMap((definition) => {
    const name = prefix + definition.name
    const { caseExact, subAttributes } = definition
    return itemsOf(holder[definition.name]).flatMap((item) => {
      if (subAttributes) return isObject(item) ? valuesIn(subAttributes, item, `${name}.`) : []
      return [{ attribute: name, value: String(item), caseExact }]
    })
  })
}

function itemsOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
