import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { babs, unchanged } from '../support/babs.js'
import { core, enterprise, kinds } from '../support/kinds.js'
import { generic, patch, patched, patchRefusal } from '../support/patching.js'
import { refusalOf } from '../support/refusal.js'

const refused = (operation: Json, switches = generic): string => patchRefusal(babs, [operation], switches)

describe('PATCH and the mutability of attributes', () => {
  it('SEC-SCIM-8 a read-only attribute by path is 400 mutability, by every op and spelling', () => {
    const paths = [
      'id',
      'ID',
      'meta',
      'meta.lastModified',
      'META.Version',
      'groups',
      'groups[value eq "x"]',
      'groups[value eq "x"].display',
      'groups.value',
    ]
    for (const path of [...paths, `${core}:groups`, `${enterprise}:manager.displayName`, `${kinds.id}:seen`]) {
      for (const op of ['add', 'replace', 'remove'])
        assert.match(refused({ op, path, value: 'x' }), /^scim_mutability: /, `${op} ${path}`)
    }
  })

  it('SEC-SCIM-8 a read-only attribute in a value is passed over', () => {
    const value = {
      id: 'x',
      Meta: { version: 'x' },
      groups: [{ value: 'admins' }],
      schemas: [],
      [`${kinds.id}:seen`]: 'x',
      'meta.created': 'x',
    }
    for (const op of ['add', 'replace']) {
      unchanged(babs, [
        { op, value },
        { op, path: kinds.id, value: { seen: 'x' } },
      ])
      unchanged(babs, [{ op, path: `${enterprise}:manager`, value: { displayName: 'x' } }])
      unchanged(babs, [{ op, path: 'schemas', value: [core] }])
    }
  })

  it('a required attribute cannot be removed or become unassigned: 400 mutability (§3.5.2.2)', () => {
    for (const operation of [
      { op: 'remove', path: 'userName' },
      { op: 'replace', path: 'userName', value: null },
      { op: 'replace', value: { userName: null } },
      { op: 'remove', path: 'schemas' },
    ]) {
      assert.match(refused(operation), /^scim_mutability: .*required/)
    }
    const desk = { userName: 'x', [kinds.id]: { desk: { room: '1', level: 2 } } }
    assert.match(patchRefusal(desk, [{ op: 'remove', path: `${kinds.id}:desk.room` }]), /^scim_mutability: /)
    assert.deepEqual(patched(desk, [{ op: 'remove', path: `${kinds.id}:desk` }]), { userName: 'x' })
  })

  it('a new value lacks none of its required parts; an extension may go with its required attributes unless it is required', () => {
    assert.match(
      refused({ op: 'add', path: `${kinds.id}:desk`, value: { level: 2 } }),
      /^scim_invalid_value: "urn:acme:Kinds:desk.room"/,
    )
    const badge = defineSchema({
      id: 'urn:acme:Badge',
      name: 'Badge',
      description: '',
      attributes: [{ name: 'no', required: true }, { name: 'colour' }],
    })
    const withBadge = (required: boolean) => withExtensions(userType, [{ schema: badge, required }])
    const type = withBadge(false)
    const held = { userName: 'x', [badge.id]: { no: '1', colour: 'red' } }
    assert.deepEqual(patch(held, [{ op: 'remove', path: badge.id }], { type }).document, { userName: 'x' })
    const refusal = (operation: JsonObject, document: JsonObject, on = type) =>
      refusalOf(() => patch(document, [operation], { type: on }))
    assert.match(refusal({ op: 'remove', path: `${badge.id}:no` }, held), /^scim_mutability: /)
    assert.match(
      refusal({ op: 'add', path: `${badge.id}:colour`, value: 'red' }, { userName: 'x' }),
      /^scim_invalid_value: "urn:acme:Badge:no"/,
    )
    assert.match(refusal({ op: 'remove', path: badge.id }, held, withBadge(true)), /^scim_mutability: /)
    assert.match(refusal({ op: 'replace', value: { [badge.id]: null } }, held, withBadge(true)), /^scim_mutability: /)
  })

  it('SEC-SCIM-8 an immutable attribute is set once, then only to what it is (§3.5.2)', () => {
    const path = `${kinds.id}:serial`
    const set = patched(babs, [{ op: 'add', path, value: 's1' }])
    assert.deepEqual(set[kinds.id], { serial: 's1' })
    unchanged(set, [{ op: 'replace', path, value: 's1' }])
    for (const operation of [
      { op: 'replace', path, value: 's2' },
      { op: 'remove', path },
      { op: 'add', value: { [path]: 'S1' } },
      { op: 'remove', path: kinds.id },
    ]) {
      assert.match(patchRefusal(set, [operation]), /^scim_mutability: "urn:acme:Kinds:serial" is immutable/)
    }
    const twice = ['s1', 's2'].map((value) => ({ op: 'add', path, value }))
    assert.match(patchRefusal(babs, twice), /^scim_mutability: /)
    const desk = { userName: 'x', [kinds.id]: { desk: { room: '1', asset: 'a' } } }
    assert.match(
      patchRefusal(desk, [{ op: 'add', path: `${kinds.id}:desk`, value: { asset: 'b' } }]),
      /^scim_mutability: "urn:acme:Kinds:desk.asset"/,
    )
    assert.match(patchRefusal(desk, [{ op: 'remove', path: `${kinds.id}:desk.asset` }]), /^scim_mutability: /)
    unchanged(desk, [{ op: 'replace', path: `${kinds.id}:desk`, value: { asset: 'a', room: '1' } }])
  })
})
