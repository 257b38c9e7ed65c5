import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { missingRequired } from '../../src/scim/required.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { readDocument } from '../../src/scim/validate.js'
import { fullUser } from '../support/full-user.js'
import {
  core,
  enterprise,
  kind,
  kindRefused,
  kinds,
  lenient,
  read,
  readMore,
  refused,
  strict,
  type,
  user,
} from '../support/kinds.js'
import { refusalOf } from '../support/refusal.js'

describe('reading a resource from a POST or PUT body', () => {
  it('takes the full enterprise user of RFC 7643 §8.3 and drops only what is read-only', () => {
    const { id, meta, schemas, groups, ...writable } = fullUser
    assert.ok(id && meta && schemas && groups)
    const { [enterprise]: extension, ...rest } = writable
    const { manager, ...others } = extension
    const { displayName, ...given } = manager
    assert.equal(displayName, 'John Smith')
    assert.deepEqual(readDocument(userType, fullUser, strict), { ...rest, [enterprise]: { ...others, manager: given } })
  })

  it('takes the group of RFC 7643 §8.4; the display of members is ours', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: 'e9e30dba-f08f-4109-8486-d5c6a331660a',
      displayName: 'Tour Guides',
      members: [
        { value: '2819c223', $ref: 'https://example.com/v2/Users/2819c223', display: 'Babs Jensen' },
        { value: '902c246b', $ref: 'https://example.com/v2/Users/902c246b', display: 'Mandy Pepperidge' },
      ],
    }
    assert.deepEqual(readDocument(groupType, body, strict), {
      displayName: 'Tour Guides',
      members: [
        { value: '2819c223', $ref: 'https://example.com/v2/Users/2819c223' },
        { value: '902c246b', $ref: 'https://example.com/v2/Users/902c246b' },
      ],
    })
  })

  describe('the envelope: 400 invalidSyntax', () => {
    const bodies: [string, Json][] = [
      ['null', null],
      ['a list', [user()]],
      ['a string', 'ada'],
      ['no schemas', { userName: 'ada' }],
      ['empty schemas', user({ schemas: [] })],
      ['null schemas', user({ schemas: null })],
      ['schemas as a string', user({ schemas: core })],
      ['schemas that hold a number', user({ schemas: [core, 1] })],
      ['schemas without the core schema', user({ schemas: [enterprise] })],
      ["schemas of another type's core", user({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] })],
    ]
    for (const [title, body] of bodies) {
      it(`refuses ${title}`, () =>
        assert.match(
          refusalOf(() => read(body)),
          /^scim_invalid_syntax: /,
        ))
    }

    it('schema URNs compare without case, and the old prefix of OneLogin counts', () => {
      for (const urn of [core.toUpperCase(), 'urn:scim:schemas:core:2.0:User', 'urn:scim:schemas:core:2.0']) {
        assert.deepEqual(read({ SCHEMAS: [urn], userName: 'ada' }), { userName: 'ada' }, urn)
      }
    })

    it("URNs beyond the type's own pass (Entra adds and misspells some) unless unknown attributes are refused", () => {
      const schemas = [
        core,
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User',
        `${enterprise}x`,
        enterprise,
      ]
      assert.deepEqual(readMore({ schemas }), {})
      assert.match(refused({ schemas }, strict), /^scim_invalid_syntax: .*ADSCIM/i)
      assert.deepEqual(readMore({ schemas: [core, enterprise] }, strict), {})
    })
  })

  describe('names', () => {
    it('come out in the spelling of the schema, extension URNs and sub-attributes included', () => {
      const body = {
        SCHEMAS: [core],
        USERNAME: 'ada',
        NAME: { FAMILYNAME: 'L' },
        externalid: 'e',
        [enterprise.toUpperCase()]: { DEPARTMENT: 'x' },
      }
      assert.deepEqual(read(body), {
        userName: 'ada',
        name: { familyName: 'L' },
        externalId: 'e',
        [enterprise]: { department: 'x' },
      })
      assert.deepEqual(readMore({ 'urn:scim:schemas:extension:enterprise:2.0:User': { department: 'x' } }), {
        [enterprise]: { department: 'x' },
      })
    })

    it('SEC-SCIM-20 two spellings of one name are refused, at every level', () => {
      const twice: JsonObject[] = [
        { username: 'eve' },
        { Schemas: [core] },
        { name: { givenName: 'a', GivenName: 'b' } },
        { emails: [{ value: 'a', Value: 'b' }] },
        { [enterprise]: { department: 'a', Department: 'b' } },
        { [enterprise]: { department: 'a' }, [enterprise.toLowerCase()]: { department: 'b' } },
        { [enterprise]: { department: 'a' }, 'urn:scim:schemas:extension:enterprise:2.0:User': { department: 'b' } },
        { unheard: 1, Unheard: 2 },
      ]
      for (const more of twice) assert.match(refused(more), /^scim_invalid_syntax: /, JSON.stringify(more))
    })

    it('outside the schema are ignored, or 400 invalidSyntax where the switch says so', () => {
      const strangers: JsonObject[] = [
        { shoeSize: 43 },
        { name: { nick: 'x' } },
        { emails: [{ value: 'a@example.com', verified: true }] },
        { [enterprise]: { shoeSize: 43 } },
        { 'urn:other:extension': { x: 1 } },
      ]
      for (const more of strangers) {
        assert.doesNotMatch(JSON.stringify(readMore(more)), /43|nick|verified|other/)
        assert.match(refused(more, strict), /^scim_invalid_syntax: .*(shoeSize|nick|verified|urn:other)/)
      }
    })

    it('more than 1,000 in one object are refused', () => {
      const many = (count: number): JsonObject =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]))
      assert.deepEqual(readMore(many(998)), {})
      assert.match(refused(many(999)), /^scim_invalid_syntax: .*1000 attributes/)
      assert.match(refused({ name: many(1001) }), /^scim_invalid_syntax: In "name": .*1000 attributes/)
    })

    it('SEC-SCIM-10 names of JavaScript plumbing are refused everywhere and never pollute Object.prototype', () => {
      const before = Object.getOwnPropertyNames(Object.prototype)
      const plumbing = ['__proto__', 'constructor', 'prototype', '__PROTO__', 'Constructor']
      for (const name of plumbing) {
        const evil = `{"${name}":{"polluted":true}}`
        const bodies = [
          `{"schemas":["${core}"],"userName":"ada","${name}":{"polluted":true}}`,
          `{"schemas":["${core}"],"userName":"ada","name":${evil}}`,
          `{"schemas":["${core}"],"userName":"ada","emails":[${evil}]}`,
          `{"schemas":["${core}"],"userName":"ada","${enterprise}":${evil}}`,
          `{"schemas":["${core}"],"userName":"ada","${enterprise}":{"manager":${evil}}}`,
        ]
        for (const body of bodies)
          assert.match(
            refusalOf(() => read(JSON.parse(body))),
            /^scim_invalid_syntax: /,
            body,
          )
      }
      for (const name of ['toString', 'valueOf', 'hasOwnProperty', '__defineGetter__']) {
        assert.deepEqual(readMore(JSON.parse(`{"${name}":{"x":1},"name":{"${name}":{"x":1}}}`)), {}, name)
      }
      assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before)
      assert.equal(({} as { polluted?: boolean }).polluted, undefined)
    })
  })

  describe('required (POST and PUT alike): 400 invalidValue', () => {
    it('userName must be there and not blank', () => {
      for (const userName of [undefined, null, '', ' ', '\u00a0', []]) {
        const body = userName === undefined ? { schemas: [core] } : user({ userName })
        assert.match(
          refusalOf(() => read(body)),
          /^scim_invalid_value: "userName" is required/,
          JSON.stringify(userName),
        )
      }
    })

    it('a group must have a displayName', () => {
      assert.match(
        refusalOf(() => readDocument(groupType, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] }, lenient)),
        /^scim_invalid_value: "displayName" is required/,
      )
    })

    it('a required sub-attribute counts where its parent is there', () => {
      assert.match(kindRefused('desk', { level: 3 }), /^scim_invalid_value: "urn:acme:Kinds:desk.room" is required/)
      assert.deepEqual(kind('desk', { room: '1' }), { room: '1' })
    })

    it('a required extension must be there, an optional one need not', () => {
      const must = withExtensions(userType, [{ schema: kinds, required: true }])
      assert.match(
        refusalOf(() => readDocument(must, user(), lenient)),
        /^scim_invalid_value: "urn:acme:Kinds" is required/,
      )
      assert.deepEqual(missingRequired(type, {}), ['userName'])
      assert.deepEqual(missingRequired(must, { userName: 'a', [kinds.id]: { desk: { level: 1 } } }), ['urn:acme:Kinds:desk.room'])
    })
  })
})
