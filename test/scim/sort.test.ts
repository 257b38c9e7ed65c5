import assert from 'node:assert/strict'
import { resolveSort } from '../../src/scim/filter.js'
import { userType, withExtensions } from '../../src/scim/resource-types.js'
import { oddSchema } from '../support/odd-schema.js'
import { refusalOf } from '../support/refusal.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const odd = oddSchema.id
const type = withExtensions(userType, [{ schema: oddSchema, required: false }])

describe('sortBy and sortOrder (RFC 7644 §3.4.2.3)', () => {
  it('sortOrder is ascending unless given, in any case', () => {
    for (const order of [undefined, 'ascending', 'Ascending', ' ASCENDING '])
      assert.equal(resolveSort(type, 'title', order).order, 'ascending')
    assert.equal(resolveSort(type, 'title', 'DESCENDING').order, 'descending')
    for (const order of ['', 'up', 'desc'])
      assert.match(
        refusalOf(() => resolveSort(type, 'title', order)),
        /^scim_invalid_value: sortOrder must be/,
      )
  })

  it('a complex attribute is sorted by its value, a URN names an extension', () => {
    assert.deepEqual(resolveSort(type, 'emails', undefined), resolveSort(type, 'emails.value', undefined))
    assert.deepEqual(resolveSort(type, `${enterprise}:MANAGER`, undefined).keys, [enterprise, 'manager', 'value'])
  })

  for (const path of [
    'nick',
    'name',
    'addresses',
    enterprise,
    'schemas',
    'meta',
    'meta.location',
    'meta.version',
    'meta.resourceType',
    'groups',
    'groups.display',
    `${odd}:badges.labels`,
    'password',
    '',
  ]) {
    it(`400 invalidValue for what has no order: ${path || 'nothing'}`, () => {
      assert.match(
        refusalOf(() => resolveSort(type, path, undefined)),
        /^scim_invalid_value: /,
      )
    })
  }
})
