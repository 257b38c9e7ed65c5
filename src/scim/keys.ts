import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'

/**
 * The keys of an object that a client sent. Names compare without case (RFC 7643 §2.1), so two spellings of one name are two values
 * for one attribute and are refused. Only a definition's own name ever becomes a key of ours.
 */

const reserved = new Set(['__proto__', 'constructor', 'prototype'])
/** No schema comes near; a body of a million made-up names ends here. */
export const mostKeys = 1_000

/** Whether a value has keys: an object, neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Own entries of `object`. Throws 400 invalidSyntax on more than 1,000, on names that differ in case only, and on names of
 * JavaScript's plumbing.
 */
export function distinctEntries(object: JsonObject, at: string): [key: string, value: Json][] {
  const keys = Object.keys(object)
  if (keys.length > mostKeys) throw refuse('invalidSyntax', `${within(at)}An object may have at most ${mostKeys} attributes.`)
  const seen = new Set<string>()
  return keys.map((key) => {
    const lower = key.toLowerCase()
    if (reserved.has(lower)) throw refuse('invalidSyntax', `"${key}" is not the name of an attribute.`)
    if (seen.has(lower))
      throw refuse('invalidSyntax', `${within(at)}"${shown(key)}" is there twice, in two spellings; send it once.`)
    seen.add(lower)
    return [key, object[key] ?? null]
  })
}

/** The entries that `definitions` know, with their definition; the others are ignored or 400 invalidSyntax, by switch. */
export function knownEntries(
  object: JsonObject,
  definitions: readonly AttributeDefinition[],
  at: string,
  switches: Pick<Switches, 'unknownAttributes'>,
): [definition: AttributeDefinition, value: Json][] {
  const known: [AttributeDefinition, Json][] = []
  for (const [key, value] of distinctEntries(object, at)) {
    const definition = matchName(definitions, key)
    if (definition) known.push([definition, value])
    else unknown(key, at, switches)
  }
  return known
}

const indexes = new WeakMap<readonly AttributeDefinition[], Map<string, AttributeDefinition>>()

/** Like findAttribute, with an index kept beside the definitions: lists of 100,000 members come this way. */
export function matchName(definitions: readonly AttributeDefinition[], name: string): AttributeDefinition | undefined {
  let index = indexes.get(definitions)
  if (!index) {
    index = new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]))
    indexes.set(definitions, index)
  }
  return index.get(name.toLowerCase())
}

/** Ignores an attribute outside the schema, or refuses it, by switch. */
export function unknown(key: string, at: string, switches: Pick<Switches, 'unknownAttributes'>): void {
  if (switches.unknownAttributes === 'ignore') return
  throw refuse('invalidSyntax', `${within(at)}"${shown(key)}" is not an attribute of the schema.`)
}

function within(at: string): string {
  return at === '' ? '' : `In "${at}": `
}

function shown(key: string): string {
  return key.length > 100 ? `${key.slice(0, 100)}…` : key
}
