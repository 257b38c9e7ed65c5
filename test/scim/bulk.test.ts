import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { bulkCost } from '../../src/scim/bulk-request.js'
import { sharedTestApp, type TestTenant } from '../support/app.js'
import {
  addMember,
  bulkRequest,
  bulkResults,
  idOf,
  membership,
  patchOf,
  postGroup,
  postUser,
  sendBulk,
  statuses,
} from '../support/bulk.js'
import { coreGroup, coreUser, type ScimClient, scimClient } from '../support/scim-client.js'

/** What single operations of a bulk request do, and what is refused. References are in bulk-references.test.ts. */
describe('Bulk', () => {
  let tenant: TestTenant
  let scim: ScimClient

  beforeEach(async () => {
    tenant = await (await sharedTestApp()).createOrganization()
    scim = scimClient(tenant.baseUrl, tenant.token)
  })

  const userNames = async () =>
    (await scim.get('/Users')).body.Resources.map((user: { userName: string }) => user.userName).sort()

  it('answers every operation in the order of the request, and goes on after failures', async () => {
    const results = await bulkResults(scim, [
      postUser('a', 'ada'),
      postUser('b', 'ADA'),
      postUser('c', 'cleo'),
      { method: 'DELETE', path: '/Groups/no-such' },
      postGroup('d', 'Guides'),
    ])
    assert.deepEqual(
      results.map(({ method, bulkId, status }) => [method, bulkId, status]),
      [
        ['POST', 'a', '201'],
        ['POST', 'b', '409'],
        ['POST', 'c', '201'],
        ['DELETE', undefined, '404'],
        ['POST', 'd', '201'],
      ],
    )
    assert.equal(results[1].response.scimType, 'uniqueness')
    assert.deepEqual(await userNames(), ['ada', 'cleo'])
  })

  it('leaves alone what follows once failOnErrors operations failed', async () => {
    const wrong = { method: 'DELETE', path: '/Users/no-such' }
    const operations = [postUser('a', 'ada'), wrong, postUser('b', 'bob'), wrong, postUser('c', 'cleo')]
    assert.deepEqual(statuses(await bulkResults(scim, operations, { failOnErrors: 2 })), ['201', '404', '201', '404'])
    assert.deepEqual(await userNames(), ['ada', 'bob'])
  })

  it('carries out operations on one resource in the order of the request', async () => {
    const { body } = await scim.post('/Users', { schemas: [coreUser], userName: 'ada' })
    const path = `/Users/${body.id}`
    const nick = (value: string) => patchOf(path, [{ op: 'replace', path: 'nickName', value }])
    const results = await bulkResults(scim, [nick('1'), nick('2'), { method: 'DELETE', path }, nick('3'), postUser('x', 'ada')])
    assert.deepEqual(statuses(results), ['200', '200', '204', '404', '201'])
    assert.deepEqual([results[0].version, results[1].version], ['W/"2"', 'W/"3"'])
  })

  it('reads method names without case, and paths relative, without slash and below the base URL', async () => {
    const { body } = await scim.post('/Users', { schemas: [coreUser], userName: 'ada' })
    const replace = (path: string, userName: string) => ({ method: 'put', path, data: { schemas: [coreUser], userName } })
    const older = scim.baseUrl.replace('/scim/v2/', '/scim/')
    const results = await bulkResults(scim, [
      replace(`Users/${body.id}`, 'a1'),
      replace(`${scim.baseUrl}/Users/${body.id}`, 'a2'),
      replace(`${older}/Users/${body.id}`, 'a3'),
      replace(`/Users/${body.id}/`, 'a4'),
      replace(`/Users/${body.id}?attributes=userName`, 'a5'),
    ])
    assert.deepEqual(statuses(results), Array(5).fill('200'))
    assert.deepEqual([...new Set(results.map(({ method, location }) => `${method} ${location}`))], [`PUT ${body.meta.location}`])
    assert.deepEqual(await userNames(), ['a5'])
  })

  it('answers an operation as the single request would be answered', async () => {
    const { body: user } = await scim.post('/Users', { schemas: [coreUser], userName: 'ada' })
    const data = { schemas: [coreUser], userName: 'x' }
    const rows: [operation: Json, status: string, scimType?: string][] = [
      [{ method: 'GET', path: '/Users' }, '400', 'invalidSyntax'],
      [{ path: '/Users', data }, '400', 'invalidSyntax'],
      [{ method: 'POST', path: '/Users', data }, '400', 'invalidValue'],
      [{ method: 'POST', path: '/Users', bulkId: 'n1' }, '400', 'invalidValue'],
      [{ method: 'POST', bulkId: 'n2', data }, '400', 'invalidSyntax'],
      [{ method: 'POST', path: '/Users', bulkId: 'n3', data: [] }, '400', 'invalidSyntax'],
      [{ method: 'POST', path: '/Users', bulkId: 'n4', data: { schemas: [coreGroup], userName: 'x' } }, '400', 'invalidSyntax'],
      [{ method: 'POST', path: '/Users', bulkId: 'n5', data: { ...data, active: 'maybe' } }, '400', 'invalidValue'],
      [{ method: 'POST', path: `/Users/${user.id}`, bulkId: 'n6', data }, '405'],
      [{ method: 'PUT', path: '/Users', data }, '405'],
      [{ method: 'PUT', path: '/Robots/1', data }, '404'],
      [{ method: 'PUT', path: '/Users/%zz', data }, '404'],
      [{ method: 'PUT', path: `/Users/../Users/${user.id}`, data }, '404'],
      [{ method: 'PUT', path: `/Users/${user.id}/groups`, data }, '404'],
      [{ method: 'POST', path: '/Users/.search', bulkId: 'n7', data: {} }, '405'],
      [{ method: 'DELETE', path: `https://elsewhere.example/scim/v2/${tenant.slug}/Users/${user.id}` }, '400', 'invalidValue'],
      [{ method: 'DELETE', path: `/Users/${user.id}`, version: 7 }, '400', 'invalidValue'],
      [{ method: 'DELETE', path: `/Users/${user.id}`, version: 'W/"7"' }, '412'],
    ]
    const results = await bulkResults(
      scim,
      rows.map(([operation]) => operation),
    )
    assert.deepEqual(
      results.map(({ status, response }) => [status, response.scimType]),
      rows.map(([, status, scimType]) => [status, scimType]),
    )
    assert.deepEqual(await userNames(), ['ada'])
  })

  it('refuses a request that is wrong as a whole, and does nothing of it', async () => {
    const post = postUser('a', 'ada')
    const rows: [body: Json, scimType: string][] = [
      [{ Operations: [post] }, 'invalidSyntax'],
      [{ schemas: [coreUser], Operations: [post] }, 'invalidSyntax'],
      [{ schemas: [bulkRequest] }, 'invalidSyntax'],
      [{ schemas: [bulkRequest], Operations: [] }, 'invalidSyntax'],
      [{ schemas: [bulkRequest], Operations: [post, 'x'] }, 'invalidSyntax'],
      [{ schemas: [bulkRequest], failOnErrors: '1', Operations: [post] }, 'invalidValue'],
      [{ schemas: [bulkRequest], failOnErrors: -1, Operations: [post] }, 'invalidValue'],
      [{ schemas: [bulkRequest], failOnErrors: 1.5, Operations: [post] }, 'invalidValue'],
      [{ schemas: [bulkRequest], Operations: [post, postUser('a', 'bob')] }, 'invalidValue'],
    ]
    for (const [body, scimType] of rows) {
      const answer = await scim.post('/Bulk', JSON.stringify(body))
      assert.deepEqual([answer.status, answer.body.scimType], [400, scimType], answer.text)
    }
    const none = await scim.call('POST', '/Bulk', undefined, { 'content-type': 'application/scim+json' })
    assert.deepEqual([none.status, none.body.scimType], [400, 'invalidSyntax'])
    assert.deepEqual(await userNames(), [])
  })

  it('SEC-SCIM-15 nests in no way: a bulk request in a bulk request is refused', async () => {
    const inner = { schemas: [bulkRequest], Operations: [postUser('a', 'ada')] }
    for (const path of ['/Bulk', 'bulk', `${scim.baseUrl}/Bulk`]) {
      const [result] = await bulkResults(scim, [{ method: 'POST', path, bulkId: 'b', data: inner }])
      assert.deepEqual([result.status, result.response.scimType], ['400', 'invalidValue'])
    }
    assert.deepEqual(await userNames(), [])
  })

  it('SEC-SCIM-15 asks for the scope of each operation: without groups:write, groups are refused and users go through', async () => {
    const app = await sharedTestApp()
    const limited = await app.createConnection(tenant, { scopes: ['users:read', 'users:write'] })
    const client = scimClient(limited.baseUrl, limited.token)
    const results = await bulkResults(client, [
      postUser('a', 'ada'),
      postGroup('g', 'Guides'),
      postUser('b', 'bob'),
      postGroup('h', 'Hosts', ['bulkId:b']),
    ])
    assert.deepEqual(statuses(results), ['201', '403', '409', '403'])
    const reader = await app.createConnection(tenant, { scopes: ['users:read'] })
    assert.deepEqual(statuses(await bulkResults(scimClient(reader.baseUrl, reader.token), [postUser('a', 'cleo')])), ['403'])
  })

  it('SEC-SCIM-4 SEC-SCIM-5 the path decides what is changed, and nothing of another connection is', async () => {
    const other = await (await sharedTestApp()).createConnection(tenant)
    const theirs = (await scimClient(other.baseUrl, other.token).post('/Users', { schemas: [coreUser], userName: 'theirs' })).body
    const ours = (await scim.post('/Users', { schemas: [coreUser], userName: 'ours' })).body
    const absent = '/Users/e9025315-6bea-44e1-899c-1e07454e468b'
    const results = await bulkResults(scim, [
      { method: 'PUT', path: `/Users/${ours.id}`, data: { schemas: [coreUser], id: theirs.id, userName: 'still-ours' } },
      { method: 'DELETE', path: `/Users/${theirs.id}` },
      { method: 'DELETE', path: absent },
      addMember(`/Groups/${theirs.id}`, ours.id),
      postGroup('g', 'Mixed', [theirs.id]),
    ])
    assert.deepEqual(statuses(results), ['200', '404', '404', '404', '400'])
    assert.equal(
      results[1].response.detail.replace(theirs.id, ''),
      results[2].response.detail.replace(absent.slice('/Users/'.length), ''),
    )
    assert.deepEqual(await userNames(), ['still-ours'])
  })

  it('SEC-SCIM-10 refuses names of JavaScript’s plumbing wherever they are', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    for (const poison of ['"__proto__": {"polluted": 1}', '"constructor": {"prototype": {"polluted": 1}}']) {
      const text = `{"schemas":["${bulkRequest}"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"schemas":["${coreUser}"],"userName":"p",${poison}}}]}`
      assert.equal((await scim.post('/Bulk', text)).status, 400)
    }
    const [result] = await bulkResults(scim, [{ ...postUser('__proto__', 'ada') }])
    assert.equal(result.bulkId, '__proto__')
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before)
  })

  it('SEC-SCIM-16 switching off in Bulk, in every spelling, ends what the user holds', async () => {
    const app = await sharedTestApp()
    const people = await bulkResults(scim, [postUser('a', 'a'), postUser('b', 'b'), postUser('c', 'c'), postUser('d', 'd')])
    const [a, b, c, d] = people.map((one) => `/Users/${idOf(one)}`) as [string, string, string, string]
    const off = await bulkResults(scim, [
      patchOf(a, [{ op: 'replace', path: 'active', value: false }]),
      patchOf(b, [{ op: 'replace', value: { active: 'False' } }]),
      { method: 'PUT', path: c, data: { schemas: [coreUser], userName: 'c', active: false } },
      { method: 'DELETE', path: d },
    ])
    assert.deepEqual(statuses(off), ['200', '200', '200', '204'])
    const rows = await app.core.db('users').where({ org_id: tenant.orgId }).select('active', 'epoch')
    assert.deepEqual(
      rows.map(({ active, epoch }) => [active, Number(epoch)]),
      Array(4).fill([false, 2]),
    )
  })

  it('answers a PATCH of a group as the profile has it', async () => {
    const entra = await (await sharedTestApp()).createOrganization({ profile: 'entra' })
    const client = scimClient(entra.baseUrl, entra.token)
    const results = await bulkResults(client, [
      postUser('a', 'ada'),
      postGroup('g', 'Guides'),
      addMember('/Groups/bulkId:g', 'bulkId:a'),
    ])
    assert.deepEqual(statuses(results), ['201', '201', '204'])
    assert.deepEqual(await membership(client), { Guides: ['ada'] })
  })

  it('is put off as a whole while the connection is paused', async () => {
    const { db } = (await sharedTestApp()).core
    await db('connections').where({ org_id: tenant.orgId, id: tenant.connectionId }).update({ status: 'paused' })
    const answer = await sendBulk(scim, [postUser('a', 'ada')])
    assert.deepEqual([answer.status, answer.headers.has('retry-after')], [503, true])
  })

  it('SEC-SCIM-15 counts for as many calls as it has operations', () => {
    assert.equal(bulkCost({ schemas: [bulkRequest], Operations: [1, 2, 3] }), 3)
    assert.equal(bulkCost({ operations: [1, 2] }), 2)
    for (const body of [undefined, null, 'x', {}, { Operations: [] }, { Operations: 5 }]) assert.equal(bulkCost(body), 1)
  })
})
