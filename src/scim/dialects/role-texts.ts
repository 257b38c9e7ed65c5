import type { Json, JsonObject } from '../../platform/json.js'
import { isObject } from '../keys.js'

/**
 * Roles as Entra's AppRoleAssignments expressions send them: in a PATCH, the whole role is JSON text inside its own `value`, with an
 * id that SCIM does not know; in a POST, its name is `displayName`. What comes out is the same role in SCIM's words.
 */

const rolePath = /^((?:urn:ietf:params:scim:schemas:core:2\.0:User:)?(?:roles|entitlements))(\[.*\])?(\.value)?$/is

/** A body (a resource or a PatchOp) with every role read so; all else, and what is no such text, is left as it is. */
export function withRoleObjects(body: Json): Json {
  if (!isObject(body)) return body
  return mapEntries(body, (key, value) => {
    const isOperations = key.toLowerCase() === 'operations' && Array.isArray(value)
    return isOperations ? [key, value.map(readOperation)] : readEntry(key, value)
  })
}

function readOperation(operation: Json): Json {
  if (!isObject(operation)) return operation
  const sent = new Map(Object.entries(operation).map(([key, value]) => [key.toLowerCase(), value]))
  const path = sent.get('path')
  const value = sent.get('value')
  if (value === undefined) return operation
  if (typeof path === 'string') {
    const [plainPath, plainValue] = readEntry(path, value)
    sent.set('path', plainPath).set('value', plainValue)
  } else if (isObject(value)) sent.set('value', mapEntries(value, readEntry))
  return mapEntries(operation, (key, old) => [key, sent.get(key.toLowerCase()) ?? old])
}

/** A path, or a key of a resource, with what is sent for it. Where a filter chose the role, the text replaces the role's parts. */
function readEntry(path: string, value: Json): [path: string, value: Json] {
  const [, attribute, filter, sub] = rolePath.exec(path) ?? []
  if (attribute === undefined) return [path, value]
  if (sub === undefined) return [path, Array.isArray(value) ? value.map(readRole) : readRole(value)]
  const role = readText(value)
  if (!role) return [path, value]
  return filter === undefined ? [path, role.value ?? value] : [attribute + filter, role]
}

function readRole(role: Json): Json {
  if (!isObject(role)) return readText(role) ?? role
  const { displayName, ...rest } = role
  const named = displayName !== undefined && rest.display === undefined ? { ...rest, display: displayName } : role
  const text = readText(named.value ?? null)
  return text ? { ...named, ...text } : named
}

/** `{"id":"…","value":"admin","displayName":"Admin"}` as text; undefined for any other value. */
function readText(text: Json): JsonObject | undefined {
  if (typeof text !== 'string' || !/^\s*\{/.test(text)) return undefined
  const role = parsed(text)
  if (!isObject(role) || typeof role.value !== 'string') return undefined
  return { value: role.value, ...(typeof role.displayName === 'string' && { display: role.displayName }) }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function mapEntries(object: JsonObject, map: (key: string, value: Json) => [string, Json]): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => map(key, value)))
}
