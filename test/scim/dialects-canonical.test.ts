import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { attributeChanges } from '../../src/scim/dialects/attribute-changes.js'
import { canonicalDocument, canonicalPatch } from '../../src/scim/dialects/canonical.js'
import { canonicalOperations } from '../../src/scim/dialects/canonical-operations.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import type { Switches } from '../../src/scim/dialects/switches.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { core, enterprise } from '../support/kinds.js'
import { message } from '../support/patching.js'

const { entra, generic, rfc } = profiles
const user = (operations: Json[], switches: Switches = entra): Json[] =>
  JSON.parse(JSON.stringify(canonicalOperations(userType, canonicalPatch(userType, message(operations), switches))))
const group = (operations: Json[], switches: Switches = entra): Json[] =>
  JSON.parse(JSON.stringify(canonicalOperations(groupType, canonicalPatch(groupType, message(operations), switches))))

describe('the dialect layer', () => {
  describe('writes operations down', () => {
    it('with the names, operators and types of the schema, one path each', () => {
      assert.deepEqual(
        user([
          { op: 'Replace', path: 'ACTIVE', value: 'False' },
          { op: 'Add', path: 'emails[Type EQ "work" and Primary eq "True"].Value', value: 'x' },
          { op: 'add', value: { 'NAME.givenname': 'Ada', [enterprise.toUpperCase()]: { Department: 'D' }, id: 'z', nope: 1 } },
          { op: 'Replace', path: 'manager', value: [{ $ref: null, value: '7', displayName: 'B' }] },
        ]),
        [
          { op: 'replace', path: 'active', value: false },
          { op: 'add', path: 'emails[type eq "work" and primary eq true].value', value: 'x' },
          { op: 'add', path: 'name.givenName', value: 'Ada' },
          { op: 'add', path: `${enterprise}:department`, value: 'D' },
          { op: 'replace', path: `${enterprise}:manager`, value: { $ref: null, value: '7' } },
        ],
      )
    })

    it('with filters in the place of lists that name what goes', () => {
      assert.deepEqual(group([{ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }, { value: 'b"' }] }]), [
        { op: 'remove', path: 'members[value eq "a"]' },
        { op: 'remove', path: 'members[value eq "b\\""]' },
      ])
      assert.deepEqual(user([{ op: 'remove', path: 'emails', value: [{ type: 'work', value: 'x' }, { value: 'y' }] }]), [
        { op: 'remove', path: 'emails[value eq "x" and type eq "work"]' },
        { op: 'remove', path: 'emails[value eq "y"]' },
      ])
    })

    it('with remove for what takes away, in whatever way, and nothing for what adds nothing', () => {
      assert.deepEqual(
        user([
          { op: 'Replace', path: 'manager', value: '' },
          { op: 'replace', path: 'emails', value: null },
          { op: 'add', path: 'emails', value: null },
          { op: 'replace', path: 'nickName', value: null },
          { op: 'remove', path: enterprise },
          { op: 'remove', path: 'phoneNumbers[not (type pr) or value ne "1"].value' },
        ]),
        [
          { op: 'remove', path: `${enterprise}:manager` },
          { op: 'remove', path: 'emails' },
          { op: 'remove', path: 'nickName' },
          { op: 'remove', path: enterprise },
          { op: 'remove', path: 'phoneNumbers[not (type pr) or value ne "1"].value' },
        ],
      )
    })

    it('on members as they reach the rows', () => {
      assert.deepEqual(
        group(
          [
            { op: 'replace', value: { id: 'g', displayName: 'G', members: [{ value: '1', display: 'x' }] } },
            { op: 'Add', path: 'members', value: [{ value: '2', type: 'User' }] },
            { op: 'Remove', path: 'members[Type eq "Group"]' },
            { op: 'remove', path: 'members' },
          ],
          generic,
        ),
        [
          { op: 'replace', path: 'displayName', value: 'G' },
          { op: 'replace', path: 'members', value: [{ value: '1' }] },
          { op: 'add', path: 'members', value: [{ value: '2', type: 'User' }] },
          { op: 'remove', path: 'members[type eq "Group"]' },
          { op: 'remove', path: 'members' },
        ],
      )
    })

    it('without secrets, which are known by their definition and not by their name', () => {
      const vault = defineSchema({
        id: 'urn:acme:Vault',
        name: 'Vault',
        description: '',
        attributes: [
          {
            name: 'seeds',
            type: 'complex',
            multiValued: true,
            subAttributes: [{ name: 'label' }, { name: 'word', returned: 'never' }],
          },
          { name: 'pin', mutability: 'writeOnly', returned: 'never' },
        ],
      })
      const type = withExtensions(userType, [{ schema: vault, required: false }])
      const operations = [
        { op: 'replace', value: { password: 'hunter2' } },
        { op: 'add', path: 'urn:acme:Vault:pin', value: 'hunter2' },
        { op: 'add', path: 'urn:acme:Vault:seeds', value: [{ label: 'l', word: 'hunter2' }] },
        { op: 'replace', path: 'urn:acme:Vault:seeds[label eq "l"].word', value: 'hunter2' },
        { op: 'remove', path: 'urn:acme:Vault:seeds', value: [{ label: 'l', word: 'hunter2' }] },
      ]
      const text = JSON.stringify(canonicalOperations(type, canonicalPatch(type, message(operations), generic)))
      assert.doesNotMatch(text, /hunter2/)
      assert.match(text, /"label":"l"/)
      const secrets: JsonObject = {
        userName: 'u',
        password: 'hunter2',
        'urn:acme:Vault': { pin: 'hunter2', seeds: [{ word: 'hunter2' }] },
      }
      const changes = attributeChanges(type, { userName: 'u' }, secrets)
      assert.deepEqual(
        changes.map(({ path }) => path),
        ['password', 'urn:acme:Vault:seeds', 'urn:acme:Vault:pin'],
      )
      assert.doesNotMatch(JSON.stringify(changes), /hunter2/)
    })
  })

  it('says attribute by attribute what a change did', () => {
    const before = { userName: 'u', nickName: 'n', emails: [{ value: 'a' }], [enterprise]: { department: 'D', division: 'V' } }
    const after = { userName: 'u', title: 't', emails: [{ value: 'b' }], [enterprise]: { department: 'D', costCenter: 'C' } }
    assert.deepEqual(attributeChanges(userType, before, after), [
      { path: 'nickName', before: 'n' },
      { path: 'title', after: 't' },
      { path: 'emails', before: [{ value: 'a' }], after: [{ value: 'b' }] },
      { path: `${enterprise}:costCenter`, after: 'C' },
      { path: `${enterprise}:division`, before: 'V' },
    ])
    assert.deepEqual(attributeChanges(userType, before, structuredClone(before)), [])
  })

  describe('roles as JSON text', () => {
    const text = '{"id":"06b07648","value":"25","displayName":"Role1234"}'
    const role = { value: '25', display: 'Role1234' }

    it('are the role that the text describes, wherever they stand', () => {
      assert.deepEqual(user([{ op: 'Add', path: 'roles', value: [{ value: text }, { value: 'plain' }] }]), [
        { op: 'add', path: 'roles', value: [role, { value: 'plain' }] },
      ])
      assert.deepEqual(user([{ op: 'Add', path: `${core}:Roles`, value: [text] }]), [{ op: 'add', path: 'roles', value: [role] }])
      assert.deepEqual(user([{ op: 'Replace', path: 'roles[primary eq "True"].value', value: text }]), [
        { op: 'replace', path: 'roles[primary eq true]', value: role },
      ])
      assert.deepEqual(user([{ OP: 'replace', VALUE: { Roles: [{ value: text, primary: 'True' }] } }]), [
        { op: 'replace', path: 'roles', value: [{ ...role, primary: true }] },
      ])
      assert.deepEqual(user([{ op: 'add', value: { 'roles[type eq "x"].value': text } }]), [
        { op: 'add', path: 'roles[type eq "x"]', value: role },
      ])
      const created = { schemas: [core], userName: 'u', roles: [{ value: text }, { value: 'U', displayName: 'User' }] }
      assert.deepEqual(canonicalDocument(userType, created, entra).roles, [role, { value: 'U', display: 'User' }])
    })

    it('are left as they are where the profile does not ask for it, where they are no such text, and in other attributes', () => {
      for (const switches of [generic, rfc, profiles['okta-oin']]) {
        const [kept] = user([{ op: 'add', path: 'roles', value: [{ value: text }] }], switches)
        assert.deepEqual(kept, { op: 'add', path: 'roles', value: [{ value: text }] })
      }
      for (const odd of ['{', '{"id":"1"}', '{"value":{}}', '["a"]', 'x{"value":"a"}', '{"__proto__":{"value":"x"}}']) {
        assert.deepEqual(user([{ op: 'add', path: 'roles', value: [{ value: odd }] }]), [
          { op: 'add', path: 'roles', value: [{ value: odd }] },
        ])
      }
      assert.deepEqual(user([{ op: 'add', path: 'emails', value: [{ value: text }] }]), [
        { op: 'add', path: 'emails', value: [{ value: text }] },
      ])
      assert.deepEqual(user([{ op: 'replace', path: 'roles', value: null }]), [{ op: 'remove', path: 'roles' }])
    })
  })
})
