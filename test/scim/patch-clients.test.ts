import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { babs, becomes, emailsBecome, home, unchanged, work } from '../support/babs.js'
import { core, enterprise, kinds } from '../support/kinds.js'
import { entra, legacy, memberDeltas, patched, patchRefusal, strict } from '../support/patching.js'

const user: JsonObject = { userName: 'ada', active: true }

describe('what clients send in a PATCH', () => {
  describe('Entra', () => {
    it('op in any case, and "True" and "False" as text for booleans: the user is disabled, not left active', () => {
      for (const value of ['False', 'false', 'FALSE', false]) {
        assert.deepEqual(patched(user, [{ op: 'Replace', path: 'active', value }], entra), { ...user, active: false })
        assert.deepEqual(patched(user, [{ op: 'replace', value: { active: value } }], entra), { ...user, active: false })
      }
      const primary = { op: 'Replace', path: 'emails[type eq "home"].primary', value: 'True' }
      assert.deepEqual(patched(babs, [primary], entra).emails, [
        { ...work, primary: false },
        { ...home, primary: true },
      ])
    })

    it('text for booleans is 400 where the connection reads them strictly', () => {
      assert.match(
        patchRefusal(user, [{ op: 'replace', path: 'active', value: 'False' }], strict),
        /^scim_invalid_value: "active"/,
      )
      const path = 'roles[primary eq "True"].value'
      assert.match(patchRefusal(user, [{ op: 'replace', path, value: 'x' }], strict), /^scim_invalid_filter: /)
    })

    it('the primary role by a capitalised text, its value being JSON in a string', () => {
      const value = '{"id":"18d14569","value":"admin","displayName":"Admin"}'
      for (const path of ['roles[primary eq "True"].value', 'roles[primary eq True].value']) {
        const created = patched(user, [{ op: 'Add', path, value }], entra)
        assert.deepEqual(created.roles, [{ primary: true, value }])
        assert.deepEqual(patched(created, [{ op: 'Replace', path, value: 'user' }], entra).roles, [
          { primary: true, value: 'user' },
        ])
      }
    })

    it('an element that no filter finds is created with what the filter says, where the connection has it so', () => {
      const operations = [
        { op: 'Add', path: 'emails[type eq "other"].value', value: 'o@example.com' },
        { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].Value', value: '+44 20' },
        { op: 'replace', path: 'addresses[type eq "other"]', value: { Formatted: 'X' } },
      ]
      const result = patched(babs, operations, entra)
      assert.deepEqual(result.emails, [work, home, { type: 'other', value: 'o@example.com' }])
      assert.deepEqual(result.phoneNumbers, [{ type: 'mobile', value: '+44 20' }])
      assert.deepEqual(result.addresses, [...(babs.addresses as Json[]), { type: 'other', formatted: 'X' }])
      for (const path of [
        'emails[type eq "a" or type eq "b"].value',
        'emails[type ne null].value',
        'emails[not (type pr)].value',
      ]) {
        assert.match(patchRefusal(user, [{ op: 'Add', path, value: 'x' }], entra), /^scim_no_target: /, path)
      }
    })

    it('clearing a value that is not there is success', () => {
      unchanged(babs, [{ op: 'Replace', path: 'phoneNumbers[type eq "fax"].value', value: null }], entra)
      unchanged(babs, [{ op: 'Remove', path: 'phoneNumbers[type eq "fax"].value' }], entra)
    })

    it('a value without path has dotted names, names with the URN and plain names, mixed', () => {
      const value = {
        'name.givenName': 'Ada',
        'NAME.familyname': 'King',
        displayName: 'Ada King',
        [`${enterprise}:department`]: 'Engines',
        [`${enterprise}:manager.value`]: '7',
        [`${core}:title`]: 'Countess',
        [enterprise.toUpperCase()]: { costCenter: '1' },
        [core]: { nickName: 'A' },
        'emails[type eq "work"].value': 'ada@example.com',
      }
      assert.deepEqual(patched(user, [{ op: 'replace', value }], entra), {
        ...user,
        name: { givenName: 'Ada', familyName: 'King' },
        displayName: 'Ada King',
        title: 'Countess',
        nickName: 'A',
        emails: [{ type: 'work', value: 'ada@example.com' }],
        [enterprise]: { department: 'Engines', manager: { value: '7' }, costCenter: '1' },
      })
    })

    it('a manager is set by an id, a list of one, an object or the sub-attribute, by short or full path', () => {
      const ways: Json[] = [
        '7',
        { value: '7' },
        [{ value: '7' }],
        [{ $ref: null, value: '7' }],
        ['7'],
        { $ref: null, value: '7', displayName: 'B' },
      ]
      for (const value of ways) {
        const result = patched(babs, [{ op: 'Replace', path: `${enterprise}:manager`, value }], entra)
        assert.deepEqual(result[enterprise], { employeeNumber: '701984', manager: { value: '7' } }, JSON.stringify(value))
      }
      for (const path of ['manager', 'MANAGER', 'manager.value', `${enterprise.toLowerCase()}:Manager.value`]) {
        const result = patched(babs, [{ op: 'Add', path, value: '7' }], entra)
        assert.deepEqual(result[enterprise], { employeeNumber: '701984', manager: { value: '7' } }, path)
      }
      const two = [{ op: 'add', path: `${enterprise}:manager`, value: [{ value: '7' }, { value: '8' }] }]
      assert.match(patchRefusal(babs, two), /^scim_invalid_value: /)
    })

    it('a manager is cleared by an empty text, null or remove', () => {
      const ways: JsonObject[] = ['', null, [], { value: '' }, { value: null }].map((value) => ({ op: 'Replace', value }))
      for (const way of [...ways, { op: 'Remove' }]) {
        const result = patched(babs, [{ ...way, path: `${enterprise}:manager` }], entra)
        assert.deepEqual(result[enterprise], { employeeNumber: '701984' }, JSON.stringify(way))
      }
      const sub = patched(babs, [{ op: 'Replace', path: `${enterprise}:manager.value`, value: '' }], entra)
      assert.deepEqual(sub[enterprise], { employeeNumber: '701984' })
    })

    it('old jobs put a dot between the extension and its attribute', () => {
      const operations = [
        { op: 'Add', path: `${enterprise}.department`, value: 'D' },
        { op: 'Add', value: { [`${enterprise}.costCenter`]: 'C' } },
        { op: 'Add', path: `${enterprise}.manager.value`, value: '7' },
        { op: 'Add', path: `${core}.title`, value: 'T' },
      ]
      const expected = { ...user, title: 'T', [enterprise]: { department: 'D', costCenter: 'C', manager: { value: '7' } } }
      assert.deepEqual(patched(user, operations, legacy), expected)
      assert.match(patchRefusal(user, operations, entra), /^scim_invalid_path: "urn:.*" is not an attribute of a User/)
    })

    it('a PATCH without operations is success where the connection has it so', () => {
      unchanged(user, [], entra)
      assert.match(patchRefusal(user, [], strict), /^scim_invalid_syntax: "Operations" is empty/)
    })

    it('values are kept as sent', () => {
      const number = ' +44 (0)20-7946 0000 '
      const path = 'phoneNumbers[type eq "work"].value'
      assert.deepEqual(patched(user, [{ op: 'Add', path, value: number }], entra).phoneNumbers, [{ type: 'work', value: number }])
    })
  })

  describe('Okta', () => {
    it('deactivation, password and rename come without a path; the id in it is passed over', () => {
      assert.deepEqual(patched(user, [{ op: 'replace', value: { active: false } }]), { ...user, active: false })
      assert.deepEqual(patched(user, [{ op: 'replace', value: { password: 's3cret' } }]), { ...user, password: 's3cret' })
      const rename = [{ op: 'replace', value: { id: 'abf4dd94', displayName: 'Guides', meta: { version: 'x' }, schemas: [] } }]
      assert.deepEqual(patched({ displayName: 'g', userName: 'x' }, rename), { displayName: 'Guides', userName: 'x' })
    })

    it('rename, add and remove of members come mixed in one request', () => {
      const deltas = memberDeltas([
        { op: 'remove', path: 'members[value eq "1"]' },
        { op: 'replace', value: { id: 'abf4dd94', displayName: 'Guides' } },
        { op: 'remove', path: 'members[value eq "2"]' },
        { op: 'add', path: 'members', value: [{ value: '3', display: 'c@example.com' }] },
      ])
      assert.deepEqual(deltas, [
        { kind: 'remove', values: ['1', '2'] },
        { kind: 'add', values: [{ value: '3' }] },
      ])
    })

    it('"push now" replaces the members with a list, also an empty one', () => {
      assert.deepEqual(memberDeltas([{ op: 'replace', path: 'members', value: [] }], entra), [{ kind: 'replaceAll', values: [] }])
      const value = { members: [{ value: '1' }, '2', { value: '1' }] }
      assert.deepEqual(memberDeltas([{ op: 'replace', value }]), [
        { kind: 'replaceAll', values: [{ value: '1' }, { value: '2' }] },
      ])
    })
  })

  it('a value list on a remove names what goes from any list: by value, by type too where sent, else by all that was sent', () => {
    const other = { value: home.value, type: 'other' }
    const all = { ...babs, emails: [work, home, other] }
    const left = (value: Json, path = 'emails') => patched(all, [{ op: 'remove', path, value }])[path]
    assert.deepEqual(left([{ value: 'BABS@JENSEN.ORG' }]), [work])
    assert.deepEqual(left([{ value: home.value, type: 'Home', display: 'x' }]), [work, other])
    assert.deepEqual(left([home.value, work.value]), undefined)
    assert.deepEqual(left({ type: 'home' }), [work, other])
    assert.deepEqual(left([{ type: 'work', locality: 'HOLLYWOOD' }], 'addresses'), [(babs.addresses as Json[])[1]])
    assert.deepEqual(left([]), [work, home, other])
    const tags = { userName: 'x', [kinds.id]: { tags: ['a', 'b'] } }
    assert.deepEqual(patched(tags, [{ op: 'remove', path: `${kinds.id}:tags`, value: ['A', 'c'] }])[kinds.id], { tags: ['b'] })
  })

  it('names compare without case, URNs too, and come out as the schema has them', () => {
    assert.deepEqual(emailsBecome({ OP: 'ADD', PATH: 'EMAILS[TYPE EQ "WORK"].DISPLAY', VALUE: 'B' }), [
      { ...work, display: 'B' },
      home,
    ])
    assert.equal(becomes({ op: 'add', path: `${core.toUpperCase()}:USERNAME`, value: 'b' }).userName, 'b')
    assert.deepEqual(becomes({ op: 'add', path: core, value: { NICKNAME: 'b' } }), { ...babs, nickName: 'b' })
  })
})
