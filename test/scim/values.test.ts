import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { groupType } from '../../src/scim/resource-types.js'
import { readDocument } from '../../src/scim/validate.js'
import { coreGroup, enterprise, entra, kind, kindRefused, kinds, lenient, readMore, refused } from '../support/kinds.js'
import { refusalOf } from '../support/refusal.js'

describe('reading the values of a body', () => {
  describe('unassigned (RFC 7643 §2.5)', () => {
    it('null, an empty list and an object without values are the same as absence', () => {
      const more = {
        title: null,
        emails: [],
        phoneNumbers: [null, {}],
        roles: [''],
        name: { givenName: null },
        externalId: null,
        addresses: null,
        [enterprise]: { department: null, manager: null },
        [kinds.id]: null,
      }
      assert.deepEqual(readMore(more), {})
      assert.deepEqual(readMore({ [enterprise]: { manager: '' }, [kinds.id]: {} }), {})
      assert.deepEqual(readMore({ title: [], [enterprise]: [] }), {})
    })

    it('an empty string and false are values', () => {
      assert.deepEqual(readMore({ title: '', active: false }), { title: '', active: false })
    })
  })

  describe('shape', () => {
    it('a multi-valued attribute needs a list, a single-valued one refuses a list', () => {
      for (const more of [{ emails: { value: 'a@example.com' } }, { emails: 'a@example.com' }, { roles: 'admin' }]) {
        assert.match(refused(more), /^scim_invalid_value: "(emails|roles)" holds a list/)
      }
      for (const more of [{ userName: ['ada'] }, { title: ['x', 'y'] }, { name: [{ givenName: 'A' }] }, { active: [true] }]) {
        assert.match(refused(more), /^scim_invalid_value: "(userName|title|name|active)" holds one value/)
      }
      assert.match(refused({ emails: [['a']] }), /^scim_invalid_value: "emails" must be an object; a list/)
      assert.match(refused({ [enterprise]: 'x' }), /^scim_invalid_value: /)
    })

    it('members must say who is meant; an empty id clears a manager', () => {
      const group = (members: Json): JsonObject =>
        readDocument(groupType, { schemas: [coreGroup], displayName: 'g', members }, lenient)
      for (const member of [{ display: 'Ada' }, { type: 'User' }, { $ref: 'https://example.com/Users/1' }, { value: '' }, '']) {
        assert.match(
          refusalOf(() => group([{ value: '1' }, member])),
          /^scim_invalid_value: "members" has an element without "value"/,
        )
      }
      assert.deepEqual(group([{ value: '1', $ref: null }, null, {}, '2']), {
        displayName: 'g',
        members: [{ value: '1' }, { value: '2' }],
      })
      assert.deepEqual(readMore({ [enterprise]: { department: 'd', manager: { value: '' } } }), {
        [enterprise]: { department: 'd' },
      })
    })

    it('a plain value for a complex attribute stands for its value, where it has one', () => {
      assert.deepEqual(readMore({ [enterprise]: { manager: '26118915' } }), { [enterprise]: { manager: { value: '26118915' } } })
      assert.deepEqual(readMore({ roles: ['admin', { value: 'user' }] }), { roles: [{ value: 'admin' }, { value: 'user' }] })
      assert.match(refused({ name: 'Ada' }), /^scim_invalid_value: "name" must be an object; text/)
      assert.match(refused({ addresses: ['Main St'] }), /^scim_invalid_value: "addresses" must be an object/)
      assert.match(refused({ [enterprise]: { manager: 5 } }), /^scim_invalid_value: ".*manager.value" must be a string/)
    })
  })

  describe('several values (RFC 7643 §2.4)', () => {
    it('a (type, value) pair is kept once, compared by caseExact, what comes later completing it', () => {
      const emails = [
        { value: 'A@example.com', type: 'work' },
        { value: 'b@example.com', type: 'work' },
        { value: 'a@example.com', type: 'Work', primary: true },
        { value: 'a@example.com', type: 'home' },
      ]
      assert.deepEqual(readMore({ emails }).emails, [
        { value: 'a@example.com', type: 'Work', primary: true },
        { value: 'b@example.com', type: 'work' },
        { value: 'a@example.com', type: 'home' },
      ])
      const photos = [{ value: 'https://example.com/A' }, { value: 'https://example.com/a' }, { value: 'https://example.com/A' }]
      assert.deepEqual(readMore({ photos }).photos, photos.slice(0, 2))
    })

    it('values without a value sub-attribute are the same when all but primary is', () => {
      const addresses = [
        { type: 'work', locality: 'Bern' },
        { type: 'work', locality: 'Basel' },
        { locality: 'bern', type: 'Work', primary: true },
      ]
      assert.deepEqual(readMore({ addresses }).addresses, [addresses[2], addresses[1]])
      assert.deepEqual(kind('tags', ['a', 'b', 'a']), ['a', 'b'])
    })

    it('more than one primary is 400 invalidValue', () => {
      const emails = [
        { value: 'a@example.com', primary: true },
        { value: 'b@example.com', primary: true },
      ]
      assert.match(refused({ emails }), /^scim_invalid_value: "emails" has more than one value with "primary"/)
      const one = [emails[0] ?? {}, { value: 'b@example.com', primary: false }]
      assert.deepEqual(readMore({ emails: one }).emails, one)
    })

    it('a type outside the canonical values is kept', () => {
      assert.deepEqual(readMore({ emails: [{ value: 'a@example.com', type: 'alumni' }] }).emails, [
        { value: 'a@example.com', type: 'alumni' },
      ])
    })
  })

  describe('types: 400 invalidValue names the attribute', () => {
    it('strings and references', () => {
      for (const value of [1, true, {}]) {
        assert.match(refused({ title: value }), /^scim_invalid_value: "title" must be a string/)
        assert.match(refused({ profileUrl: value }), /^scim_invalid_value: "profileUrl" must be a string/)
      }
      assert.deepEqual(readMore({ profileUrl: 'not a url', locale: 'klingon' }), { profileUrl: 'not a url', locale: 'klingon' })
    })

    it('booleans: words only by switch, in any case, and "False" never becomes true', () => {
      for (const value of ['True', 'False', 'true', 'yes', '', 0, 1]) {
        assert.match(refused({ active: value }), /^scim_invalid_value: "active" must be true or false/)
      }
      assert.deepEqual(readMore({ active: 'False', emails: [{ value: 'a', primary: 'True' }] }, entra), {
        active: false,
        emails: [{ value: 'a', primary: true }],
      })
      for (const value of ['yes', '', '0', 0]) assert.match(refused({ active: value }, entra), /^scim_invalid_value: "active"/)
    })

    it('integers are whole and exact, decimals finite', () => {
      assert.deepEqual([kind('count', -5), kind('rate', 2.5), kind('rate', 3)], [-5, 2.5, 3])
      for (const value of [1.5, '1', JSON.parse('9007199254740993'), JSON.parse('1e400')]) {
        assert.match(kindRefused('count', value), /^scim_invalid_value: "urn:acme:Kinds:count" must be a whole number/)
      }
      for (const value of ['2.5', true, JSON.parse('1e400'), JSON.parse('9007199254740993')]) {
        assert.match(kindRefused('rate', value), /^scim_invalid_value: "urn:acme:Kinds:rate" must be a number/)
      }
    })

    it('dates and times are real xsd:dateTime values and kept as sent (RFC 7643 §2.3.5)', () => {
      const good = [
        '2008-01-23T04:56:22Z',
        '2008-01-23T04:56:22.123456789+02:00',
        '2024-02-29T24:00:00Z',
        '2000-02-29T00:00:00-14:00',
        '2011-05-13T04:42:34',
      ]
      for (const value of good) assert.equal(kind('since', value), value)
      const bad = [
        '',
        '2008-01-23',
        '2008-01-23 04:56:22Z',
        '2008-01-23t04:56:22z',
        '2008-13-01T00:00:00Z',
        '2008-00-10T00:00:00Z',
        '2023-02-29T00:00:00Z',
        '1900-02-29T00:00:00Z',
        '2008-04-31T00:00:00Z',
        '2008-01-00T00:00:00Z',
        '2008-01-23T24:00:01Z',
        '2008-01-23T25:00:00Z',
        '2008-01-23T04:60:00Z',
        '2008-01-23T04:56:60Z',
        '2008-01-23T04:56:22+14:01',
        '2008-01-23T04:56:22+01:60',
        '0000-01-01T00:00:00Z',
        `2008-01-23T04:56:22.${'1'.repeat(200)}Z`,
        'yesterday',
        1_200_000_000,
      ]
      for (const value of bad)
        assert.match(kindRefused('since', value), /^scim_invalid_value: "urn:acme:Kinds:since" must be a real date/)
    })

    it('binary values are base64, with or without padding (RFC 7643 §2.3.6)', () => {
      for (const value of ['', 'TWFu', 'TWE=', 'TWE', 'TQ==', 'TQ', 'TWFu\r\nTWFu']) assert.equal(kind('blob', value), value)
      for (const value of ['T', 'TQ=', '=', 'T===', 'TW=u', 'TWF$', 'TWF-', 5]) {
        assert.match(kindRefused('blob', value), /^scim_invalid_value: "urn:acme:Kinds:blob" must be base64/, String(value))
      }
    })
  })
})
