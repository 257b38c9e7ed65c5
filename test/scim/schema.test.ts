import assert from 'node:assert/strict'
import type { AttributeDefinition } from '../../src/contract/attribute-definition.js'
import { findAttribute, resolveAttribute } from '../../src/scim/attributes.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { enterpriseUserSchema } from '../../src/scim/schema-enterprise-user.js'
import { groupSchema } from '../../src/scim/schema-group.js'
import { userSchema } from '../../src/scim/schema-user.js'

/** One line an attribute: name, type, then what differs from single, optional, without case, readWrite, default, none. */
function line(attribute: AttributeDefinition): string {
  const marks = [
    attribute.name,
    attribute.type,
    attribute.multiValued && 'multi',
    attribute.required && 'required',
    attribute.caseExact && 'exact',
    attribute.mutability !== 'readWrite' && attribute.mutability,
    attribute.returned !== 'default' && `returned-${attribute.returned}`,
    attribute.uniqueness !== 'none' && `unique-${attribute.uniqueness}`,
    attribute.canonicalValues && `{${attribute.canonicalValues.join()}}`,
    attribute.referenceTypes && `->${attribute.referenceTypes.join()}`,
  ]
  return marks.filter(Boolean).join(' ')
}

const table = (attributes: readonly AttributeDefinition[]): string[] =>
  attributes.flatMap((attribute) => [line(attribute), ...(attribute.subAttributes ?? []).map((sub) => `  ${line(sub)}`)])

const plain = (value: string, types: string): string[] => [
  `  ${value}`,
  '  display string',
  types ? `  type string {${types}}` : '  type string',
  '  primary boolean',
]

describe('the built-in schemas', () => {
  it('User has every attribute and characteristic of RFC 7643 §4.1 and §8.7.1', () => {
    assert.equal(userSchema.id, 'urn:ietf:params:scim:schemas:core:2.0:User')
    assert.deepEqual(table(userSchema.attributes), [
      'userName string required unique-server',
      'name complex',
      '  formatted string',
      '  familyName string',
      '  givenName string',
      '  middleName string',
      '  honorificPrefix string',
      '  honorificSuffix string',
      'displayName string',
      'nickName string',
      'profileUrl reference exact ->external',
      'title string',
      'userType string',
      'preferredLanguage string',
      'locale string',
      'timezone string',
      'active boolean',
      'password string writeOnly returned-never',
      'emails complex multi',
      ...plain('value string', 'work,home,other'),
      'phoneNumbers complex multi',
      ...plain('value string', 'work,home,mobile,fax,pager,other'),
      'ims complex multi',
      ...plain('value string', 'aim,gtalk,icq,xmpp,msn,skype,qq,yahoo'),
      'photos complex multi',
      ...plain('value reference exact ->external', 'photo,thumbnail'),
      'addresses complex multi',
      '  formatted string',
      '  streetAddress string',
      '  locality string',
      '  region string',
      '  postalCode string',
      '  country string',
      '  type string {work,home,other}',
      '  primary boolean',
      'groups complex multi readOnly',
      '  value string exact readOnly',
      '  $ref reference exact readOnly ->User,Group',
      '  display string readOnly',
      '  type string readOnly {direct,indirect}',
      'entitlements complex multi',
      ...plain('value string', ''),
      'roles complex multi',
      ...plain('value string', ''),
      'x509Certificates complex multi',
      ...plain('value binary exact', ''),
    ])
  })

  it('EnterpriseUser has every attribute of RFC 7643 §4.3, and manager.value compares with case (erratum 8472)', () => {
    assert.equal(enterpriseUserSchema.id, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User')
    assert.deepEqual(table(enterpriseUserSchema.attributes), [
      'employeeNumber string',
      'costCenter string',
      'organization string',
      'division string',
      'department string',
      'manager complex',
      '  value string exact',
      '  $ref reference exact ->User',
      '  displayName string readOnly',
    ])
  })

  it('Group requires displayName, and its members are users and groups whose sub-attributes cannot be changed (RFC 7643 §4.2)', () => {
    assert.equal(groupSchema.id, 'urn:ietf:params:scim:schemas:core:2.0:Group')
    assert.deepEqual(table(groupSchema.attributes), [
      'displayName string required',
      'members complex multi',
      '  value string exact immutable',
      '  $ref reference exact immutable ->User,Group',
      '  type string immutable {User,Group}',
      '  display string readOnly',
    ])
  })

  it('every reference and binary compares with case (RFC 7643 §2.3.6, §2.3.7) and every attribute is described', () => {
    const all = [userSchema, enterpriseUserSchema, groupSchema].flatMap((schema) => schema.attributes)
    for (const attribute of all.flatMap((outer) => [outer, ...(outer.subAttributes ?? [])])) {
      if (attribute.type === 'reference' || attribute.type === 'binary') assert.ok(attribute.caseExact, attribute.name)
      assert.notEqual(attribute.description, '', attribute.name)
    }
  })
})

describe('resource types', () => {
  const badge = defineSchema({
    id: 'urn:acme:params:scim:schemas:Badge',
    name: 'Badge',
    description: '',
    attributes: [{ name: 'number' }],
  })

  it('an organization adds schemas of its own after the built-in ones, and the built-in type stays as it was', () => {
    const type = withExtensions(userType, [{ schema: badge, required: true }])
    assert.deepEqual(
      type.extensions.map(({ schema, required }) => [schema.id, required]),
      [
        [enterpriseUserSchema.id, false],
        [badge.id, true],
      ],
    )
    assert.equal(userType.extensions.length, 1)
    assert.deepEqual(resolveAttribute(type, `${badge.id}:NUMBER`)?.keys, [badge.id, 'number'])
    assert.equal(resolveAttribute(groupType, `${badge.id}:number`), undefined)
  })

  it('an organization cannot redefine a built-in schema, in whatever spelling', () => {
    const forged = { ...badge, id: enterpriseUserSchema.id.toUpperCase() }
    const core = { ...badge, id: userSchema.id }
    const type = withExtensions(userType, [
      { schema: forged, required: true },
      { schema: core, required: true },
    ])
    assert.deepEqual(type.extensions, userType.extensions)
  })

  it('an attribute may not bear a name of JavaScript plumbing', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      assert.throws(() => defineSchema({ id: 'urn:x', name: 'X', description: '', attributes: [{ name }] }))
    }
    assert.equal(findAttribute(userSchema.attributes, 'toString'), undefined)
  })
})
