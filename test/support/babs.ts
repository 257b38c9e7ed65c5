import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { enterprise } from './kinds.js'
import { generic, patch, patched } from './patching.js'

/** A user as the engine sees one, after RFC 7643 §8.2, and what operations make of her. */

export const work = { value: 'bjensen@example.com', type: 'work', primary: true }
export const home = { value: 'babs@jensen.org', type: 'home' }
export const babs: JsonObject = {
  userName: 'bjensen',
  name: { formatted: 'Ms. Barbara J Jensen, III', familyName: 'Jensen', givenName: 'Barbara' },
  nickName: 'Babs',
  emails: [work, home],
  addresses: [
    { type: 'work', streetAddress: '100 Universal City Plaza', locality: 'Hollywood', primary: true },
    { type: 'home', streetAddress: '456 Hollywood Blvd', locality: 'Hollywood' },
  ],
  [enterprise]: { employeeNumber: '701984', manager: { value: '26118915', $ref: '../Users/26118915' } },
}

export const becomes = (...operations: Json[]): JsonObject => patched(babs, operations)
export const emailsBecome = (...operations: Json[]): Json | undefined => becomes(...operations).emails

/** Asserts that operations are a success that changes nothing. */
export function unchanged(document: JsonObject, operations: Json[], switches = generic): void {
  const result = patch(document, operations, { switches })
  assert.deepEqual(result.document, document)
  assert.equal(result.changed, false)
}
