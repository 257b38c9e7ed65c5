import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { isObject } from './keys.js'

/** Which required attributes a document lacks (RFC 7643 §2.2). The rule is the same after POST, PUT and PATCH. */

/**
 * Paths of required attributes and sub-attributes that are absent or blank, none twice. A required sub-attribute counts where its
 * parent is there, an extension's where the extension is there or is itself required (then its URN is listed when absent).
 * Read-only attributes are the server's duty and never listed.
 */
export function missingRequired(type: ResourceType, document: JsonObject): string[] {
  const missing = new Set(lacking(type.schema.attributes, document, ''))
  for (const { schema, required } of type.extensions) {
    const part = document[schema.id]
    if (isObject(part)) for (const path of lacking(schema.attributes, part, `${schema.id}:`)) missing.add(path)
    else if (required) missing.add(schema.id)
  }
  return [...missing]
}

function lacking(definitions: readonly AttributeDefinition[], object: JsonObject, prefix: string): string[] {
  return definitions.flatMap((definition) => {
    const path = prefix + definition.name
    const value = object[definition.name]
    if (isBlank(value)) return definition.required && definition.mutability !== 'readOnly' ? [path] : []
    const { subAttributes } = definition
    if (!subAttributes?.some((sub) => sub.required)) return []
    const elements = Array.isArray(value) ? value : [value]
    return elements.flatMap((element) => (isObject(element) ? lacking(subAttributes, element, `${path}.`) : []))
  })
}

function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0
}
