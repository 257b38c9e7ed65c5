import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { readAttribute } from './attribute-value.js'
import { readSchemas, urnOf } from './declared-schemas.js'
import { refuse } from './errors.js'
import { distinctEntries, isObject, knownEntries, matchName, unknown } from './keys.js'
import { missingRequired } from './required.js'
import { commonAttributes } from './schema-common.js'
import { mismatch, type ValueSwitches } from './value.js'

/**
 * The body of a POST or PUT becomes a document that holds schema attributes only, in canonical spelling, each value of its type.
 * Read-only attributes are dropped in silence (RFC 7644 §3.3, §3.5.1), so a client may send back what it was given.
 */

/**
 * Reads a resource. The result has externalId, password and extension attributes (under their URN) where sent, and never id, meta,
 * schemas or another read-only attribute. Throws 400 invalidSyntax (shape, schemas, names) or invalidValue (values, required ones).
 */
export function readDocument(type: ResourceType, body: Json, switches: ValueSwitches): JsonObject {
  if (!isObject(body)) {
    throw refuse('invalidSyntax', `The body must be a JSON object that describes a ${type.name}.`)
  }
  const entries = distinctEntries(body, '')
  readSchemas(type, entries.find(([key]) => key.toLowerCase() === 'schemas')?.[1], switches)
  const definitions = bodyAttributes(type)
  const document: JsonObject = {}
  const extensions = new Set<Schema>()
  for (const [key, value] of entries) {
    const definition = matchName(definitions, key)
    if (definition) {
      const read = definition.mutability === 'readOnly' ? undefined : readAttribute(definition, value, definition.name, switches)
      if (read !== undefined) document[definition.name] = read
      continue
    }
    const extension = extensionOf(type, key)
    if (extension) {
      if (extensions.has(extension)) throw refuse('invalidSyntax', `"${extension.id}" is there twice; send it once.`)
      extensions.add(extension)
      const read = readExtension(extension, value, switches)
      if (read) document[extension.id] = read
    } else if (key.toLowerCase() !== 'schemas') unknown(key, '', switches)
  }
  const [missing] = missingRequired(type, document)
  if (missing) throw refuse('invalidValue', `"${missing}" is required and must not be blank.`)
  return document
}

const known = new WeakMap<Schema, readonly AttributeDefinition[]>()

/** The attributes a body may have beside `schemas` and extensions; one list a schema, so that its index lasts. */
function bodyAttributes({ schema }: ResourceType): readonly AttributeDefinition[] {
  const list = known.get(schema) ?? [...schema.attributes, ...commonAttributes.filter(({ name }) => name !== 'schemas')]
  known.set(schema, list)
  return list
}

function extensionOf(type: ResourceType, key: string): Schema | undefined {
  const urn = urnOf(key)
  return type.extensions.find((extension) => extension.schema.id.toLowerCase() === urn)?.schema
}

/** Reads the object under an extension's URN; undefined where nothing in it is assigned. */
function readExtension(extension: Schema, value: Json, switches: ValueSwitches): JsonObject | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined
  if (!isObject(value)) throw mismatch(extension.id, 'an object', value)
  const result: JsonObject = {}
  for (const [definition, inner] of knownEntries(value, extension.attributes, extension.id, switches)) {
    if (definition.mutability === 'readOnly') continue
    const read = readAttribute(definition, inner, `${extension.id}:${definition.name}`, switches)
    if (read !== undefined) result[definition.name] = read
  }
  return Object.keys(result).length === 0 ? undefined : result
}
