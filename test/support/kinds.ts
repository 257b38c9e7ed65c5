import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { readDocument } from '../../src/scim/validate.js'
import type { ValueSwitches } from '../../src/scim/value.js'
import { refusalOf } from './refusal.js'

/** A user type with an extension that has an attribute of every kind, and short ways to read bodies against it. */

export const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const kinds = defineSchema({
  id: 'urn:acme:Kinds',
  name: 'Kinds',
  description: '',
  attributes: [
    { name: 'count', type: 'integer' },
    { name: 'rate', type: 'decimal' },
    { name: 'since', type: 'dateTime' },
    { name: 'blob', type: 'binary' },
    { name: 'tags', multiValued: true },
    { name: 'code', uniqueness: 'server' },
    { name: 'serial', mutability: 'immutable' },
    { name: 'stamps', multiValued: true, mutability: 'immutable' },
    { name: 'seen', mutability: 'readOnly' },
    {
      name: 'desk',
      type: 'complex',
      subAttributes: [
        { name: 'room', required: true },
        { name: 'asset', mutability: 'immutable' },
        { name: 'level', type: 'integer' },
      ],
    },
  ],
})
export const type = withExtensions(userType, [{ schema: kinds, required: false }])
export const lenient: ValueSwitches = { booleans: 'strict', unknownAttributes: 'ignore' }
export const entra: ValueSwitches = { booleans: 'strings', unknownAttributes: 'ignore' }
export const strict: ValueSwitches = { booleans: 'strict', unknownAttributes: 'refuse' }

export const user = (more: JsonObject = {}): JsonObject => ({ schemas: [core], userName: 'ada', ...more })
export const read = (body: Json, switches = lenient): JsonObject => readDocument(type, body, switches)
export const readMore = (more: JsonObject, switches = lenient): JsonObject => {
  const { userName, ...rest } = read(user(more), switches)
  assert.equal(userName, 'ada')
  return rest
}
export const refused = (more: JsonObject, switches = lenient): string => refusalOf(() => read(user(more), switches))
export const kind = (name: string, value: Json): Json | undefined => {
  const extension = readMore({ [kinds.id]: { [name]: value } })[kinds.id] as JsonObject | undefined
  return extension?.[name]
}
export const kindRefused = (name: string, value: Json): string => refused({ [kinds.id]: { [name]: value } })
