import assert from 'node:assert/strict'
import { sharedTestApp } from '../support/app.js'
import { bulkResults, idOf, patchOf, sendBulk, statuses } from '../support/bulk.js'
import { coreGroup, coreUser, enterpriseUser, errorSchema, type ScimClient, scimClient } from '../support/scim-client.js'

/** Every example of RFC 7644 §3.7, section by section. */
describe('the examples of RFC 7644 §3.7', () => {
  let scim: ScimClient

  beforeEach(async () => {
    const organization = await (await sharedTestApp()).createOrganization({ profile: 'rfc' })
    scim = scimClient(organization.baseUrl, organization.token)
  })

  const user = async (userName: string, rest: object = {}) =>
    (await scim.post('/Users', { schemas: [coreUser], userName, ...rest })).body

  it('§3.7.1 resolves a circular reference between two groups', async () => {
    const results = await bulkResults(scim, [
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'qwerty',
        data: { schemas: [coreGroup], displayName: 'Group A', members: [{ type: 'Group', value: 'bulkId:ytrewq' }] },
      },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'ytrewq',
        data: { schemas: [coreGroup], displayName: 'Group B', members: [{ type: 'Group', value: 'bulkId:qwerty' }] },
      },
    ])
    assert.deepEqual(
      results.map(({ method, bulkId, status }) => [method, bulkId, status]),
      [
        ['POST', 'qwerty', '201'],
        ['POST', 'ytrewq', '201'],
      ],
    )
    const { body } = await scim.filter('/Groups', 'displayName sw "Group"')
    assert.equal(body.totalResults, 2)
    const [a, b] = body.Resources
    assert.deepEqual([a.id, b.id], results.map(idOf))
    assert.deepEqual([a.members[0].value, b.members[0].value], [b.id, a.id])
    assert.equal(a.members[0].$ref, `${scim.baseUrl}/Groups/${b.id}`)
    assert.deepEqual(
      [a.meta.version, b.meta.version],
      results.map(({ version }) => version),
    )
  })

  it('§3.7.2 creates a user and a group with that user in one request', async () => {
    const results = await bulkResults(scim, [
      { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { schemas: [coreUser], userName: 'Alice' } },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'ytrewq',
        data: { schemas: [coreGroup], displayName: 'Tour Guides', members: [{ type: 'User', value: 'bulkId:qwerty' }] },
      },
    ])
    const [alice, guides] = results
    const read = await scim.get(`/Groups/${idOf(guides)}`)
    assert.deepEqual(results, [
      {
        location: `${scim.baseUrl}/Users/${idOf(alice)}`,
        method: 'POST',
        bulkId: 'qwerty',
        version: alice.version,
        status: '201',
      },
      { location: read.body.meta.location, method: 'POST', bulkId: 'ytrewq', version: read.body.meta.version, status: '201' },
    ])
    assert.match(alice.version, /^W\/"/)
    assert.deepEqual(
      read.body.members.map((member: { value: string; $ref: string }) => [member.value, member.$ref]),
      [[idOf(alice), alice.location]],
    )
  })

  it('§3.7.2 replaces a reference in an extension', async () => {
    const [alice, bob] = await bulkResults(scim, [
      { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { schemas: [coreUser], userName: 'Alice' } },
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'ytrewq',
        data: {
          schemas: [coreUser, enterpriseUser],
          userName: 'Bob',
          [enterpriseUser]: { employeeNumber: '11250', manager: { value: 'bulkId:qwerty' } },
        },
      },
    ])
    const { body } = await scim.get(`/Users/${idOf(bob)}`)
    assert.deepEqual(body[enterpriseUser], { employeeNumber: '11250', manager: { value: idOf(alice) } })
  })

  it('§3.7.3 adds, replaces, changes and removes a user each', async () => {
    const [bob, dave, gone] = [await user('bob'), await user('david', { nickName: 'D' }), await user('gone')]
    const results = await bulkResults(
      scim,
      [
        { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { schemas: [coreUser], userName: 'Alice' } },
        {
          method: 'PUT',
          path: `/Users/${bob.id}`,
          version: bob.meta.version,
          data: { schemas: [coreUser], id: bob.id, userName: 'Bob' },
        },
        {
          method: 'PATCH',
          path: `/Users/${dave.id}`,
          version: dave.meta.version,
          data: [
            { op: 'remove', path: 'nickName' },
            { op: 'add', path: 'userName', value: 'Dave' },
          ],
        },
        { method: 'DELETE', path: `/Users/${gone.id}`, version: gone.meta.version },
      ],
      { failOnErrors: 1 },
    )
    const [{ location }] = results
    assert.deepEqual(results, [
      { location, method: 'POST', bulkId: 'qwerty', version: 'W/"1"', status: '201' },
      { location: bob.meta.location, method: 'PUT', version: 'W/"2"', status: '200' },
      { location: dave.meta.location, method: 'PATCH', version: 'W/"2"', status: '200' },
      { location: gone.meta.location, method: 'DELETE', status: '204' },
    ])
    assert.equal((await scim.get(location.slice(scim.baseUrl.length))).body.userName, 'Alice')
    const patched = (await scim.get(`/Users/${dave.id}`)).body
    assert.deepEqual([patched.userName, patched.nickName], ['Dave', undefined])
    assert.equal((await scim.get(`/Users/${gone.id}`)).status, 404)
  })

  it('§3.7.3 stops at the first error where failOnErrors is 1, and tells what was done up to it', async () => {
    const bob = await user('bob')
    const results = await bulkResults(
      scim,
      [
        { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { schemas: [coreUser], userName: '' } },
        { method: 'PUT', path: `/Users/${bob.id}`, data: { schemas: [coreUser], userName: 'Robert' } },
      ],
      { failOnErrors: 1 },
    )
    const [{ response, ...failed }, ...others] = results
    assert.deepEqual([failed, others], [{ method: 'POST', bulkId: 'qwerty', status: '400' }, []])
    assert.deepEqual([response.schemas, response.status, response.scimType], [[errorSchema], '400', 'invalidValue'])
    assert.equal((await scim.get(`/Users/${bob.id}`)).body.userName, 'bob')
  })

  it('§3.7.3 processes all operations without failOnErrors, even where all fail', async () => {
    const [bob, dave] = [await user('bob'), await user('dave')]
    const absent = '/Users/e9025315-6bea-44e1-899c-1e07454e468b'
    const results = await bulkResults(scim, [
      { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { schemas: [coreUser], userName: '' } },
      { method: 'PUT', path: `/Users/${bob.id}`, version: 'W/"99"', data: { schemas: [coreUser], userName: 'Bob' } },
      patchOf(`/Users/${dave.id}`, [{ op: 'remove', path: 'nickName' }], { version: 'W/"99"' }),
      { method: 'DELETE', path: absent, version: 'W/"99"' },
    ])
    assert.deepEqual(statuses(results), ['400', '412', '412', '404'])
    assert.deepEqual(
      results.map(({ location }) => location),
      [undefined, bob.meta.location, dave.meta.location, scim.baseUrl + absent],
    )
    for (const { status, response } of results) {
      assert.deepEqual([response.schemas, response.status, typeof response.detail], [[errorSchema], status, 'string'])
    }
  })

  it('§3.7.4 refuses more than it advertises with 413 and says the limit', async () => {
    const { bulk } = (await scim.get('/ServiceProviderConfig')).body
    assert.deepEqual([bulk.supported, bulk.maxOperations, bulk.maxPayloadSize > 1_000_000], [true, 1000, true])
    const post = { method: 'POST', path: '/Users', bulkId: 'x', data: { schemas: [coreUser], userName: 'x' } }
    const many = await sendBulk(scim, Array(bulk.maxOperations + 1).fill(post))
    assert.deepEqual([many.status, many.body.status, many.body.schemas], [413, '413', [errorSchema]])
    assert.match(many.body.detail, /1000/)
    const large = await sendBulk(scim, [{ ...post, data: { ...post.data, nickName: 'x'.repeat(bulk.maxPayloadSize) } }])
    assert.deepEqual([large.status, large.body.status], [413, '413'])
    assert.match(large.body.detail, new RegExp(`\\b${bulk.maxPayloadSize}\\b`))
    assert.equal((await scim.get('/Users')).body.totalResults, 0)
  })
})
