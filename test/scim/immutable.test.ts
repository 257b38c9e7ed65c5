import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { carryImmutable, checkImmutable } from '../../src/scim/immutable.js'
import { groupType } from '../../src/scim/resource-types.js'
import { readDocument } from '../../src/scim/validate.js'
import { enterprise, kinds, readMore, strict, type } from '../support/kinds.js'
import { refusalOf } from '../support/refusal.js'

describe('the mutability of attributes in POST and PUT', () => {
  it('SEC-SCIM-8 read-only attributes are dropped in silence, whatever their value', () => {
    const readOnly: JsonObject[] = [
      { id: 'x' },
      { ID: 7 },
      { meta: { resourceType: 'Group', location: 1 } },
      { groups: [{ value: 'admins' }] },
      { groups: 'admins' },
      { [kinds.id]: { seen: 'x' } },
      { [enterprise]: { manager: { displayName: 'Boss' } } },
    ]
    for (const more of readOnly) assert.deepEqual(readMore(more, strict), {}, JSON.stringify(more))
    const group = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'g',
      members: [{ value: 'u', display: 'x' }],
    }
    assert.deepEqual(readDocument(groupType, group, strict), { displayName: 'g', members: [{ value: 'u' }] })
  })

  it('a write-only password is read, for the caller to hash or discard', () => {
    assert.deepEqual(readMore({ password: 't1meMa$heen' }), { password: 't1meMa$heen' })
  })

  it('SEC-SCIM-8 an immutable attribute is set once: a change or removal later is 400 mutability', () => {
    const before = { [kinds.id]: { serial: 's1', stamps: ['a', 'b'], desk: { room: '1', asset: 'x' } } }
    const with_ = (more: JsonObject): JsonObject => ({ [kinds.id]: { ...before[kinds.id], ...more } })
    checkImmutable(type, {}, before)
    checkImmutable(type, before, with_({ stamps: ['b', 'a'], desk: { room: '2', asset: 'x' } }))
    for (const more of [
      { serial: 's2' },
      { serial: 'S1' },
      { stamps: ['a'] },
      { stamps: ['a', 'c'] },
      { desk: { room: '1', asset: 'y' } },
    ]) {
      assert.match(
        refusalOf(() => checkImmutable(type, before, with_(more))),
        /^scim_mutability: "urn:acme:Kinds:/,
      )
    }
    for (const after of [{}, { [kinds.id]: { serial: 's1' } }]) {
      assert.match(
        refusalOf(() => checkImmutable(type, before, after)),
        /^scim_mutability: /,
      )
    }
  })

  it('a PUT that leaves an immutable value out keeps it, and only it (RFC 7644 §3.5.1)', () => {
    const before = { nickName: 'x', [kinds.id]: { serial: 's1', count: 1, desk: { room: '1', asset: 'x' } } }
    assert.deepEqual(carryImmutable(type, before, { title: 't' }), {
      title: 't',
      [kinds.id]: { serial: 's1', desk: { asset: 'x' } },
    })
    const changed = { [kinds.id]: { serial: 's2', desk: { room: '2' } } }
    assert.deepEqual(carryImmutable(type, before, changed), { [kinds.id]: { serial: 's2', desk: { room: '2', asset: 'x' } } })
    assert.deepEqual(changed, { [kinds.id]: { serial: 's2', desk: { room: '2' } } })
  })

  it('other members are other values, no change of an immutable one', () => {
    checkImmutable(groupType, { members: [{ value: 'a' }] }, { members: [{ value: 'b' }] })
  })
})
