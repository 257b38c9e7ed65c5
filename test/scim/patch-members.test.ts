import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { entra, generic, memberDeltas, memberRefusal } from '../support/patching.js'

describe('PATCH of the members of a group', () => {
  it('SEC-SCIM-9 a remove with a value list removes only those, whatever the spelling', () => {
    const ways: Json[] = [
      [{ $ref: null, value: 'a' }],
      [{ value: 'a' }],
      { value: 'a' },
      ['a'],
      'a',
      [{ Value: 'a', display: 'A' }],
    ]
    for (const value of ways) {
      const deltas = memberDeltas([{ op: 'Remove', path: 'MEMBERS', value }], entra)
      assert.deepEqual(deltas, [{ kind: 'remove', values: ['a'] }], JSON.stringify(value))
    }
    assert.deepEqual(memberDeltas([{ op: 'Remove', path: 'members', value: [] }], entra), [])
  })

  it('SEC-SCIM-9 a remove with neither value nor filter empties the group only where the connection allows that', () => {
    for (const operation of [
      { op: 'remove', path: 'members' },
      { op: 'remove', path: 'members', value: null },
      { op: 'replace', path: 'members', value: null },
      { op: 'replace', value: { members: null } },
    ]) {
      assert.deepEqual(memberDeltas([operation], generic), [{ kind: 'removeAll' }])
      assert.match(memberRefusal([operation], entra), /^scim_no_target: This would remove every member/)
    }
  })

  it('SEC-SCIM-9 an add appends; neighbouring adds come out as one, each member once', () => {
    const operations = ['a', 'b', 'a'].map((value) => ({ op: 'Add', path: 'members', value: [{ $ref: null, value }] }))
    assert.deepEqual(memberDeltas(operations), [{ kind: 'add', values: [{ value: 'a' }, { value: 'b' }] }])
    assert.deepEqual(memberDeltas([{ op: 'add', path: 'members', value: null }]), [])
  })

  it('a filter that lists ids comes out as ids, any other one as a filter', () => {
    const removed = (filter: string) => memberDeltas([{ op: 'remove', path: `members[${filter}]` }])
    assert.deepEqual(removed('value eq "a" or (Value eq "b")'), [{ kind: 'remove', values: ['a', 'b'] }])
    const filter = { op: 'eq', path: 'type', value: 'User' }
    assert.deepEqual(removed('type eq "User"'), [{ kind: 'removeWhere', filter }])
    assert.equal(removed('value eq "a" and type eq "User"')[0]?.kind, 'removeWhere')
    assert.equal(removed('value ne "a"')[0]?.kind, 'removeWhere')
  })

  it('SEC-SCIM-8 what says who a member is cannot be changed: 400 mutability', () => {
    for (const path of ['members[value eq "a"].value', 'members[value eq "a"]', 'members.value', 'members[value eq "a"].type']) {
      assert.match(memberRefusal([{ op: 'replace', path, value: 'b' }]), /^scim_mutability: /, path)
    }
    assert.match(memberRefusal([{ op: 'replace', path: 'members[value eq "a"].display', value: 'b' }]), /^scim_mutability: /)
  })

  it('a member needs an id; filters are checked before anything happens', () => {
    for (const value of [[{ display: 'A' }], [{ type: 'User' }], [{ value: 7 }], [{}], 7, true]) {
      assert.match(memberRefusal([{ op: 'add', path: 'members', value }]), /^scim_invalid_value: /, JSON.stringify(value))
    }
    assert.match(memberRefusal([{ op: 'remove', path: 'members[nick eq "a"]' }]), /^scim_invalid_filter: /)
    assert.match(memberRefusal([{ op: 'remove', path: 'members[value eq' }]), /^scim_invalid_filter: /)
  })
})
