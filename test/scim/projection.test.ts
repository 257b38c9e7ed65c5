import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { project, schemasOf, wants } from '../../src/scim/projection.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { type Selection, writtenNames } from '../../src/scim/selection.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const audit = defineSchema({
  id: 'urn:acme:Audit',
  name: 'Audit',
  description: '',
  attributes: [
    { name: 'badge', returned: 'always' },
    { name: 'pin', returned: 'never' },
    { name: 'notes', returned: 'request' },
    { name: 'colour' },
    {
      name: 'desk',
      type: 'complex',
      subAttributes: [
        { name: 'room', returned: 'always' },
        { name: 'phone' },
        { name: 'key', returned: 'request' },
        { name: 'code', returned: 'never' },
      ],
    },
  ],
})
const type = withExtensions(userType, [{ schema: audit, required: false }])
const meta = { resourceType: 'User', location: 'https://id.example.com/scim/v2/acme/Users/1', version: 'W/"1"' }
const document = {
  schemas: [core, enterprise, audit.id],
  id: '1',
  externalId: 'e1',
  meta,
  userName: 'ada',
  password: 'secret',
  name: { formatted: 'Ada Lovelace', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work' }, { value: 'a@example.org' }],
  [enterprise]: { department: 'Engines', manager: { value: '2', displayName: 'Charles' } },
  [audit.id]: { badge: 'b', pin: '1234', notes: 'n', colour: 'red', desk: { room: 'r', phone: 'p', key: 'k', code: 'c' } },
}
const always = { schemas: [core, audit.id], id: '1', [audit.id]: { badge: 'b' } }
const shown = (selection: Selection) => project(type, document, selection)

describe('projection', () => {
  it('by default shows what is returned always or by default, and neither never nor request (RFC 7643 §7)', () => {
    const { password: _, ...rest } = document
    assert.deepEqual(shown({}), { ...rest, [audit.id]: { badge: 'b', colour: 'red', desk: { room: 'r', phone: 'p' } } })
    assert.deepEqual(shown({ attributes: [], excludedAttributes: [] }), shown({}))
  })

  it('SEC-SCIM-13 the password is never shown, by whatever name it is asked for', () => {
    for (const name of [
      'password',
      'PASSWORD',
      `${core}:password`,
      core,
      '*',
      `${audit.id}:pin`,
      `${audit.id}:desk.code`,
      audit.id,
    ]) {
      for (const selection of [
        { attributes: [name] },
        { excludedAttributes: ['userName'], written: [name] },
        { written: [name] },
      ]) {
        assert.doesNotMatch(JSON.stringify(shown(selection)), /secret|1234|"c"/, name)
      }
    }
    assert.equal(wants(type, { attributes: ['password'] }, 'password'), false)
  })

  describe('attributes (RFC 7644 §3.9) replaces the defaults, beside what is always returned', () => {
    const cases: [string, string[], object][] = [
      ['an attribute', ['userName'], { userName: 'ada' }],
      [
        'names without case, and spaces around them',
        [' USERNAME', 'Name.FAMILYNAME '],
        { userName: 'ada', name: { familyName: 'Lovelace' } },
      ],
      ['a sub-attribute of a single value', ['name.familyName'], { name: { familyName: 'Lovelace' } }],
      ['a sub-attribute of each value', ['emails.value'], { emails: [{ value: 'ada@example.com' }, { value: 'a@example.org' }] }],
      ['values that lack the sub-attribute drop out', ['emails.type'], { emails: [{ type: 'work' }] }],
      ['an attribute where no value has the sub-attribute drops out', ['emails.display'], {}],
      ['an attribute and its sub-attribute', ['name', 'name.familyName'], { name: document.name }],
      ['a core attribute with its URN', [`${core}:userName`], { userName: 'ada' }],
      ['part of meta', ['meta.location'], { meta: { location: meta.location } }],
      ['externalId', ['externalId'], { externalId: 'e1' }],
      ['unknown names are ignored', ['nope', 'name.nope', 'emails[type eq "work"]', '__proto__', 'constructor', ''], {}],
    ]
    for (const [title, attributes, expected] of cases) {
      it(title, () => assert.deepEqual(shown({ attributes }), { ...always, ...expected }))
    }

    it('a whole extension shows its defaults', () => {
      const schemas = [core, enterprise, audit.id]
      assert.deepEqual(shown({ attributes: [enterprise.toUpperCase()] }), {
        ...always,
        schemas,
        [enterprise]: document[enterprise],
      })
      assert.deepEqual(shown({ attributes: [audit.id] })[audit.id], {
        badge: 'b',
        colour: 'red',
        desk: { room: 'r', phone: 'p' },
      })
    })

    it('part of an extension, down to a sub-attribute', () => {
      const schemas = [core, enterprise, audit.id]
      assert.deepEqual(shown({ attributes: [`${enterprise}:manager.value`] }), {
        ...always,
        schemas,
        [enterprise]: { manager: { value: '2' } },
      })
    })

    it('the core URN stands for all core defaults', () => {
      const result = shown({ attributes: [core] })
      assert.deepEqual(Object.keys(result).sort(), ['emails', 'id', 'name', 'schemas', audit.id, 'userName'].sort())
    })

    it('an attribute returned on request shows when it is named, and a sub-attribute too', () => {
      assert.deepEqual(shown({ attributes: [`${audit.id}:notes`] })[audit.id], { badge: 'b', notes: 'n' })
      assert.deepEqual(shown({ attributes: [`${audit.id}:desk`] })[audit.id], { badge: 'b', desk: { room: 'r', phone: 'p' } })
      assert.deepEqual(shown({ attributes: [`${audit.id}:desk.key`] })[audit.id], { badge: 'b', desk: { room: 'r', key: 'k' } })
      assert.deepEqual(shown({ attributes: [audit.id, `${audit.id}:notes`] })[audit.id], {
        badge: 'b',
        notes: 'n',
        colour: 'red',
        desk: { room: 'r', phone: 'p' },
      })
    })

    it('wins over excludedAttributes', () => {
      assert.deepEqual(shown({ attributes: ['userName'], excludedAttributes: ['userName'] }), { ...always, userName: 'ada' })
    })
  })

  describe('excludedAttributes takes from the defaults, but nothing that is always returned', () => {
    const without = (...names: string[]) => {
      const result = shown({ excludedAttributes: names })
      const full = shown({})
      assert.deepEqual({ ...full, ...result }, full, 'nothing is added')
      return Object.keys(full).filter((key) => JSON.stringify(full[key]) !== JSON.stringify(result[key]))
    }
    it('an attribute', () => assert.deepEqual(without('EMAILS'), ['emails']))
    it('id and schemas stay', () => assert.deepEqual(without('id', 'schemas'), []))
    it('unknown names are ignored', () => assert.deepEqual(without('nope', '__proto__'), []))

    it('a sub-attribute leaves the others', () => {
      assert.deepEqual(shown({ excludedAttributes: ['name.formatted', 'emails.type'] }).name, { familyName: 'Lovelace' })
      assert.deepEqual(shown({ excludedAttributes: ['emails.type'] }).emails, [
        { value: 'ada@example.com' },
        { value: 'a@example.org' },
      ])
    })

    it('a whole extension, which then leaves schemas too, except for what is always returned', () => {
      const result = shown({ excludedAttributes: [enterprise, audit.id] })
      assert.equal(result[enterprise], undefined)
      assert.deepEqual(result[audit.id], { badge: 'b' })
      assert.deepEqual(result.schemas, [core, audit.id])
    })

    it('an always returned sub-attribute stays while its parent is shown', () => {
      const result = shown({ excludedAttributes: [`${audit.id}:desk.room`, `${audit.id}:badge`] })
      assert.deepEqual(result[audit.id], { badge: 'b', colour: 'red', desk: { room: 'r', phone: 'p' } })
    })
  })

  it('the answer to a write shows a request-returned attribute that the write brought (RFC 7643 §7)', () => {
    const answer = (sent: JsonObject): unknown => shown({ written: writtenNames(type, sent) })[audit.id]
    const usual = { badge: 'b', colour: 'red', desk: { room: 'r', phone: 'p' } }
    assert.deepEqual(answer({ userName: 'ada', [audit.id]: { notes: 'n' } }), { ...usual, notes: 'n' })
    assert.deepEqual(answer({ [audit.id]: { desk: { key: 'k' } } }), { ...usual, desk: { ...usual.desk, key: 'k' } })
    assert.deepEqual(
      answer({ userName: 'ada', [audit.id]: { colour: 'red', pin: '1234', desk: { room: 'r', code: 'c' } } }),
      usual,
    )
  })

  it('writtenNames names every attribute and sub-attribute, those of all values together', () => {
    const sent = {
      title: 't',
      emails: [{ value: 'a' }, { value: 'b', type: 'work' }],
      [enterprise]: { department: 'd', manager: { value: '2' } },
    }
    assert.deepEqual(writtenNames(userType, sent), [
      'title',
      'emails',
      'emails.value',
      'emails.type',
      `${enterprise}:department`,
      `${enterprise}:manager`,
      `${enterprise}:manager.value`,
    ])
  })

  it('keys outside the schema and leftovers of a dropped extension stay inside', () => {
    const stored = { id: '1', schemas: [core], userName: 'ada', internal: 1, 'urn:gone': { x: 1 }, toString: 'x' }
    assert.deepEqual(project(userType, stored, {}), { id: '1', schemas: [core], userName: 'ada' })
  })

  it('leaves the document as it was', () => {
    const copy = structuredClone(document)
    shown({ attributes: ['name.familyName', 'emails.value'] })
    shown({ excludedAttributes: ['emails.value'] })
    assert.deepEqual(document, copy)
  })

  it('wants tells whether members or groups must be loaded at all', () => {
    const cases: [Selection, boolean][] = [
      [{}, true],
      [{ excludedAttributes: ['members'] }, false],
      [{ excludedAttributes: ['MEMBERS', 'displayName'] }, false],
      [{ excludedAttributes: ['members.display'] }, true],
      [{ excludedAttributes: ['members.value', 'members.$ref', 'members.type', 'members.display'] }, false],
      [{ attributes: ['displayName'] }, false],
      [{ attributes: ['members.value'] }, true],
      [{ attributes: ['urn:ietf:params:scim:schemas:core:2.0:Group:members'] }, true],
      [{ attributes: ['members'], excludedAttributes: ['members'] }, true],
    ]
    for (const [selection, expected] of cases)
      assert.equal(wants(groupType, selection, 'members'), expected, JSON.stringify(selection))
  })

  it('schemasOf names the core schema and the extensions that have data', () => {
    assert.deepEqual(schemasOf(type, { userName: 'ada' }), [core])
    assert.deepEqual(schemasOf(type, document), [core, enterprise, audit.id])
  })
})
