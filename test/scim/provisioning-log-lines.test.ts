import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { sendBulk } from '../support/bulk.js'
import { callMadeBy, callsOf } from '../support/provisioning.js'
import { coreGroup, coreUser, enterpriseUser, type ScimAnswer } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** What an administrator reads of a provider's calls. */

describe('a line of the provisioning log', () => {
  let tenant: Tenant
  let ada: Resource
  let sales: Resource
  let others: string[]
  let said: string[]

  before(async () => {
    tenant = await newTenant({ profile: 'entra' })
    ada = await tenant.user('ada@example.com', { title: 'x' })
    others = [(await tenant.user('bob')).id, (await tenant.user('eve')).id, (await tenant.user('mia')).id]
    sales = await tenant.group('Sales', [ada.id])
    for (const [, work] of cases) await work()
    said = (await callsOf(tenant, 5 + cases.length)).slice(5).map(({ line }) => line)
  })

  const post = (body: JsonObject) => tenant.scim.post('/Users', { schemas: [coreUser], ...body })
  const patchUser = (...operations: JsonObject[]) => tenant.scim.patch(`/Users/${ada.id}`, operations)
  const patchGroup = (...operations: JsonObject[]) => tenant.scim.patch(`/Groups/${sales.id}`, operations)
  const members = (ids: readonly string[]) => ids.map((value) => ({ value }))

  // In this order: each finds the directory as the ones before left it.
  const cases: readonly (readonly [line: string | RegExp, work: () => Promise<ScimAnswer>])[] = [
    ['created grace@example.com', () => post({ userName: 'grace@example.com' })],
    ['created off@example.com, switched off', () => post({ userName: 'off@example.com', active: false })],
    ['refused to create ADA@example.com: userName is taken', () => post({ userName: 'ADA@example.com' })],
    ['refused to create a user: "userName" is required and must not be blank', () => post({})],
    ['disabled ada@example.com', () => patchUser({ op: 'Replace', path: 'active', value: 'False' })],
    ['nothing to change for ada@example.com', () => patchUser({ op: 'Replace', path: 'active', value: 'False' })],
    ['enabled ada@example.com', () => patchUser({ op: 'Replace', value: { active: true } })],
    [
      'updated title and department of ada@example.com',
      () => patchUser({ op: 'replace', value: { title: 'Dr', [`${enterpriseUser}:department`]: 'R&D' } }),
    ],
    [
      'disabled ada@example.com, renamed to ada@example.org and updated title',
      () => patchUser({ op: 'replace', value: { active: false, userName: 'ada@example.org', title: 'Prof' } }),
    ],
    [
      'refused to update user ada-at-home: there is no such user',
      () => tenant.scim.patch('/Users/ada-at-home', [{ op: 'replace', path: 'title', value: 'x' }]),
    ],
    [
      /^refused to update user [0-9a-f-]{36}: "shoeSize" is not an attribute of a User$/,
      () => patchUser({ op: 'replace', path: 'shoeSize', value: 43 }),
    ],
    ['looked up userName "nobody" (found 0)', () => tenant.scim.filter('/Users', 'userName eq "nobody"')],
    ['looked up userName "00u1" (found 0)', () => tenant.scim.filter('/Users', `${coreUser}:userName eq "00u1"`)],
    [
      'searched users by displayName, emails.type (found 0)',
      () => tenant.scim.filter('/Users', 'displayName sw "q" and not (emails.type eq "work")'),
    ],
    ['listed users (found 6)', () => tenant.scim.get('/Users?count=2')],
    ['listed groups (found 1)', () => tenant.scim.get('/Groups')],
    ['listed all resources (found 7)', () => tenant.scim.get('/')],
    ['refused to search users: "count" must be a whole number, for example count=1', () => tenant.scim.get('/Users?count=x')],
    ['read ada@example.org', () => tenant.scim.get(`/Users/${ada.id}`)],
    ['read group "Sales"', () => tenant.scim.get(`/Groups/${sales.id}`)],
    [
      'added 3 and removed 1 members of "Sales"',
      () =>
        patchGroup(
          { op: 'add', path: 'members', value: members(others) },
          { op: 'remove', path: `members[value eq "${ada.id}"]` },
        ),
    ],
    ['removed 1 member from "Sales"', () => patchGroup({ op: 'Remove', path: 'members', value: members(others.slice(0, 1)) })],
    ['added 1 member to "Sales"', () => patchGroup({ op: 'Add', path: 'members', value: members(others.slice(0, 1)) })],
    ['renamed group "Sales" to "Sales EU"', () => patchGroup({ op: 'replace', path: 'displayName', value: 'Sales EU' })],
    [
      'renamed group "Sales EU" to "Sales", updated externalId and removed 2 members',
      () =>
        tenant.scim.put(`/Groups/${sales.id}`, {
          schemas: [coreGroup],
          displayName: 'Sales',
          externalId: 'g1',
          members: members(others.slice(2)),
        }),
    ],
    ['created group "Empty"', () => tenant.scim.post('/Groups', { schemas: [coreGroup], displayName: 'Empty' })],
    [
      'created group "Full" with 3 members',
      () => tenant.scim.post('/Groups', { schemas: [coreGroup], displayName: 'Full', members: members(others) }),
    ],
    [
      'refused to create group "Full": the name is taken',
      () => tenant.scim.post('/Groups', { schemas: [coreGroup], displayName: 'Full' }),
    ],
    ['deleted group "Sales"', () => tenant.scim.delete(`/Groups/${sales.id}`)],
    ['deleted ada@example.org', () => tenant.scim.delete(`/Users/${ada.id}`)],
    [/^refused to delete user [0-9a-f-]{36}: there is no such user$/, () => tenant.scim.delete(`/Users/${ada.id}`)],
    ['read the service provider configuration', () => tenant.scim.get('/ServiceProviderConfig')],
    ['read the schemas', () => tenant.scim.get('/Schemas')],
    ['refused to answer GET /Nothing: nothing is served there', () => tenant.scim.get('/Nothing')],
    [
      /^refused to create a user: The body is not acceptable JSON: a value was expected, not the end, at line 1/,
      () => tenant.scim.post('/Users', '{"userName":'),
    ],
    [
      /^carried out 1 of 2 operations in bulk; refused: Another user of this organization already has this userName/,
      () =>
        sendBulk(tenant.scim, [
          { method: 'POST', path: '/Users', bulkId: 'a', data: { schemas: [coreUser], userName: 'bulk' } },
          { method: 'POST', path: '/Users', bulkId: 'b', data: { schemas: [coreUser], userName: 'bob' } },
        ]),
    ],
  ]

  for (const [at, [line]] of cases.entries()) {
    it(`says: ${line instanceof RegExp ? line.source : line}`, () => {
      if (line instanceof RegExp) assert.match(said[at] ?? '', line)
      else assert.equal(said[at], line)
    })
  }

  it('SEC-SCIM-25 is one line in a terminal too, whatever a name contains', async () => {
    const call = await callMadeBy(tenant, () => post({ userName: 'x', displayName: 'a\r\nb\u001b[2J\u202Ec' }))
    assert.equal(call.line, 'created x')
    const group = { schemas: [coreGroup], displayName: 'a\r\nb\u001b[2J\u202Ec' }
    const named = await callMadeBy(tenant, () => tenant.scim.post('/Groups', group))
    assert.equal(named.line, 'created group "a\\u000d\\u000ab\\u001b[2J\\u202ec"')
    assert.equal(named.target?.name, 'a\\u000d\\u000ab\\u001b[2J\\u202ec')
  })
})
