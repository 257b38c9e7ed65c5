import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import type { UniqueValue } from './model.js'

/**
 * Which values no two resources may share, by the words of RFC 7643 §7. `server`: "unique within the context of the current SCIM
 * endpoint (or tenancy)", so among the organization's resources of one type, whatever connection they came by. `global`: "no two
 * resources on any server", so among all the organization's resources whose types have the schema. It stops at the organization: another
 * one's data must not be told, not even by a refusal. Pure.
 */

type Attributes = { readonly urn: string; readonly attributes: readonly AttributeDefinition[] }

/** The values in `holder`, where the schema's attributes lie. A complex attribute is unique by its parts, a list by its elements. */
export function uniqueValuesUnder(typeName: string, { urn, attributes }: Attributes, holder: JsonObject): UniqueValue[] {
  return valuesIn(attributes, holder, { typeName, prefix: `${urn}:` })
}

/** The names under which the schema's unique values are kept; none where it has no unique attribute. */
export function uniqueNames(typeName: string, { urn, attributes }: Attributes): string[] {
  return namesIn(attributes, { typeName, prefix: `${urn}:` })
}

/** References and binaries compare with case whatever they declare (RFC 7643 §2.3.6, §2.3.7). */
export function isCaseExact({ type, caseExact }: Pick<AttributeDefinition, 'type' | 'caseExact'>): boolean {
  return caseExact || type === 'reference' || type === 'binary'
}

type Place = { readonly typeName: string; readonly prefix: string }

const nameOf = ({ name, uniqueness }: AttributeDefinition, { typeName, prefix }: Place): string =>
  uniqueness === 'global' ? prefix + name : `${typeName} ${prefix}${name}`

const inside = ({ name }: AttributeDefinition, place: Place): Place => ({ ...place, prefix: `${place.prefix}${name}.` })

function valuesIn(definitions: readonly AttributeDefinition[], holder: JsonObject, place: Place): UniqueValue[] {
  return definitions.flatMap((definition) => {
    const { subAttributes } = definition
    const items = itemsOf(holder[definition.name])
    if (subAttributes) {
      return items.flatMap((item) => (isObject(item) ? valuesIn(subAttributes, item, inside(definition, place)) : []))
    }
    if (definition.uniqueness === 'none') return []
    const attribute = nameOf(definition, place)
    return items.map((item) => ({ attribute, value: String(item), caseExact: isCaseExact(definition) }))
  })
}

function namesIn(definitions: readonly AttributeDefinition[], place: Place): string[] {
  return definitions.flatMap((definition) => {
    if (definition.subAttributes) return namesIn(definition.subAttributes, inside(definition, place))
    return definition.uniqueness === 'none' ? [] : [nameOf(definition, place)]
  })
}

function itemsOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
