import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import { commonAttributes } from './schema-common.js'

/**
 * Attribute names against a resource type (RFC 7644 §3.10). Names and schema URNs compare without case; nothing that is not in
 * the schema ever becomes a key of an object.
 */

export type AttributeReference = {
  /** Canonical keys from the resource's root, e.g. ['name','familyName'] or ['urn:…:enterprise:2.0:User','manager','value']. */
  readonly keys: readonly string[]
  /** Definition the path ends at; undefined only where the path is a whole extension (`keys` is then [urn]). */
  readonly definition: AttributeDefinition | undefined
  /** The complex attribute that holds `definition`, where the path ends at a sub-attribute. */
  readonly parent: AttributeDefinition | undefined
  /** The extension the path lies in; undefined for core and common attributes. */
  readonly extension: Schema | undefined
}

/** Finds an attribute among definitions, ignoring case. */
export function findAttribute(definitions: readonly AttributeDefinition[], name: string): AttributeDefinition | undefined {
  const wanted = name.toLowerCase()
  return definitions.find((definition) => definition.name.toLowerCase() === wanted)
}

/**
 * Resolves `attr`, `attr.sub`, `urn:attr`, `urn:attr.sub` or a whole extension `urn`.
 * Returns undefined where the schema has no such attribute; the caller says invalidPath, invalidFilter or ignores it.
 */
export function resolveAttribute(type: ResourceType, path: string): AttributeReference | undefined {
  const lower = path.toLowerCase()
  const schemas = [type.schema, ...type.extensions.map((extension) => extension.schema)]
  for (const schema of schemas.sort((a, b) => b.id.length - a.id.length)) {
    const urn = schema.id.toLowerCase()
    const extension = schema === type.schema ? undefined : schema
    if (lower === urn) {
      return extension && { keys: [schema.id], definition: undefined, parent: undefined, extension }
    }
    if (lower.startsWith(`${urn}:`)) return inSchema(schema.attributes, path.slice(urn.length + 1), extension)
  }
  return inSchema([...commonAttributes, ...type.schema.attributes], path, undefined)
}

function inSchema(
  definitions: readonly AttributeDefinition[],
  path: string,
  extension: Schema | undefined,
): AttributeReference | undefined {
  const [name, sub, ...rest] = path.split('.')
  if (name === undefined || rest.length > 0) return undefined
  const definition = findAttribute(definitions, name)
  if (!definition) return undefined
  const prefix = extension ? [extension.id] : []
  if (sub === undefined) return { keys: [...prefix, definition.name], definition, parent: undefined, extension }
  const inner = findAttribute(definition.subAttributes ?? [], sub)
  return inner && { keys: [...prefix, definition.name, inner.name], definition: inner, parent: definition, extension }
}
