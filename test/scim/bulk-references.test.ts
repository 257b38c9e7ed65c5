import assert from 'node:assert/strict'
import { planBulk } from '../../src/scim/bulk-plan.js'
import { sharedTestApp, type TestTenant } from '../support/app.js'
import { addMember, bulkResults, idOf, membership, patchOf, postGroup, postUser, statuses } from '../support/bulk.js'
import { coreUser, enterpriseUser, type ScimClient, scimClient } from '../support/scim-client.js'

/** bulkId references: RFC 7644 §3.7.1 and §3.7.2. What they link stands or falls together. */
describe('bulkId references', () => {
  let tenant: TestTenant
  let scim: ScimClient

  beforeEach(async () => {
    tenant = await (await sharedTestApp()).createOrganization()
    scim = scimClient(tenant.baseUrl, tenant.token)
  })

  const create = async (path: string, data: Parameters<ScimClient['post']>[1]) => (await scim.post(path, data)).body
  const existingUser = (userName: string) => create('/Users', { schemas: [coreUser], userName })
  const userNames = async () =>
    (await scim.get('/Users')).body.Resources.map((user: { userName: string }) => user.userName).sort()

  it('point backward and forward alike', async () => {
    const results = await bulkResults(scim, [
      postUser('a', 'ada'),
      postGroup('g', 'Guides', ['bulkId:a', 'bulkId:b', 'bulkId:h']),
      postGroup('h', 'Hosts', ['bulkId:b']),
      postUser('b', 'bob'),
    ])
    assert.deepEqual(statuses(results), Array(4).fill('201'))
    assert.deepEqual(await membership(scim), { Guides: ['Hosts', 'ada', 'bob'], Hosts: ['bob'] })
  })

  it('SEC-SCIM-15 go round in circles of any length, to the group itself too', async () => {
    const results = await bulkResults(scim, [
      postUser('u', 'ada', { [enterpriseUser]: { manager: { value: 'bulkId:v' } }, schemas: [coreUser, enterpriseUser] }),
      postUser('v', 'bob', { [enterpriseUser]: { manager: { value: 'bulkId:u' } }, schemas: [coreUser, enterpriseUser] }),
      postGroup('a', 'A', ['bulkId:b', 'bulkId:u']),
      postGroup('b', 'B', ['bulkId:c', 'bulkId:a']),
      postGroup('c', 'C', ['bulkId:a', 'bulkId:c']),
    ])
    assert.deepEqual(statuses(results), Array(5).fill('201'))
    assert.deepEqual(await membership(scim), { A: ['B', 'ada'], B: ['A', 'C'], C: ['A', 'C'] })
    const [u, v] = results.map(idOf)
    assert.equal((await scim.get(`/Users/${u}`)).body[enterpriseUser].manager.value, v)
    assert.equal((await scim.get(`/Users/${v}`)).body[enterpriseUser].manager.value, u)
    for (const { location, version } of results.slice(2)) {
      assert.equal((await scim.get(location.slice(scim.baseUrl.length))).body.meta.version, version)
    }
  })

  it('are understood in values, in URIs, in paths of operations and in filters of a PATCH', async () => {
    const guides = await create('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Guides' })
    const results = await bulkResults(scim, [
      patchOf('/Users/bulkId:a', [{ op: 'add', path: 'nickName', value: 'Countess' }]),
      addMember(`/Groups/${guides.id}`, 'bulkId:a'),
      addMember(`/Groups/${guides.id}`, 'bulkId:b'),
      patchOf(`/Groups/${guides.id}`, [{ op: 'remove', path: 'members[value eq "bulkId:b"]' }]),
      postUser('a', 'ada', {
        schemas: [coreUser, enterpriseUser],
        [enterpriseUser]: { manager: { value: 'bulkId:b', $ref: '../Users/bulkId:b' } },
      }),
      postUser('b', 'bob'),
      postUser('c', 'cleo'),
      { method: 'DELETE', path: `${scim.baseUrl}/Users/bulkId:c` },
    ])
    assert.deepEqual(statuses(results), ['200', '200', '200', '200', '201', '201', '201', '204'])
    const ada = (await scim.get(`/Users/${idOf(results[4])}`)).body
    assert.deepEqual([results[0].location, ada.nickName], [ada.meta.location, 'Countess'])
    const bob = idOf(results[5])
    assert.deepEqual(ada[enterpriseUser].manager, { value: bob, $ref: `../Users/${bob}` })
    assert.deepEqual(await membership(scim), { Guides: ['ada'] })
    assert.deepEqual(await userNames(), ['ada', 'bob'])
  })

  it('to no POST of the request are the fault of the operation that has them', async () => {
    const results = await bulkResults(scim, [
      postGroup('g', 'Guides', ['bulkId:typo']),
      { ...patchOf('/Users/bulkId:p', []), bulkId: 'p' },
      { method: 'DELETE', path: '/Users/bulkId:' },
      postUser('u', 'ada'),
    ])
    assert.deepEqual(
      results.map(({ status, response }) => [status, response?.scimType]),
      [
        ['400', 'invalidValue'],
        ['400', 'invalidValue'],
        ['400', 'invalidValue'],
        ['201', undefined],
      ],
    )
    assert.match(results[0].response.detail, /bulkId:typo/)
  })

  it('link operations that then stand or fall together, each telling why', async () => {
    await existingUser('taken')
    const results = await bulkResults(scim, [
      postUser('a', 'ada'),
      postUser('b', 'taken'),
      postGroup('g', 'Guides', ['bulkId:a', 'bulkId:b']),
      postUser('c', 'cleo'),
    ])
    assert.deepEqual(
      results.map(({ status, response, location }) => [status, response?.scimType, location !== undefined]),
      [
        ['409', 'invalidValue', false],
        ['409', 'uniqueness', false],
        ['409', 'invalidValue', false],
        ['201', undefined, true],
      ],
    )
    for (const index of [0, 2]) assert.match(results[index].response.detail, /Operations\[1\]/)
    assert.deepEqual([await userNames(), await membership(scim)], [['cleo', 'taken'], {}])
  })

  it('let every operation that is wrong by itself say so, and count each towards failOnErrors', async () => {
    const operations = [
      postGroup('g', '', ['bulkId:a']),
      postUser('a', 'ada'),
      postGroup('h', 'Hosts', ['bulkId:a', 'bulkId:typo']),
    ]
    const results = await bulkResults(scim, [...operations, postUser('z', 'zoe')], { failOnErrors: 3 })
    assert.deepEqual(statuses(results), ['400', '409', '400'])
    assert.deepEqual(await userNames(), [])
  })

  it('leave no trace of a set that failed: no rows, no events', async () => {
    const { db } = (await sharedTestApp()).core
    const count = async () => {
      const tables = ['users', 'groups', 'memberships', 'identities', 'user_states', 'audit_events', 'changes', 'outbox']
      const found = await Promise.all(
        tables.map(async (table) => (await db(table).where({ org_id: tenant.orgId }).count({ n: '*' }))[0]?.n),
      )
      return Object.fromEntries(tables.map((table, index) => [table, found[index]]))
    }
    const before = await count()
    const absent = 'e9025315-6bea-44e1-899c-1e07454e468b'
    const results = await bulkResults(scim, [postUser('a', 'ada'), postGroup('g', 'Guides', ['bulkId:a', absent])])
    assert.deepEqual(statuses(results), ['409', '400'])
    assert.deepEqual(await count(), before)
  })

  it('end as the request read from top to bottom, where others change the same resource in between', async () => {
    const group = await create('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Guides' })
    const [x, path] = [await existingUser('x'), `/Groups/${group.id}`]
    const empty = patchOf(path, [{ op: 'replace', path: 'members', value: [] }])
    assert.deepEqual(statuses(await bulkResults(scim, [addMember(path, 'bulkId:a'), empty, postUser('a', 'a')])), [
      '200',
      '200',
      '201',
    ])
    assert.deepEqual(await membership(scim), { Guides: [] })
    await bulkResults(scim, [postUser('b', 'b'), empty, addMember(path, 'bulkId:b')])
    assert.deepEqual(await membership(scim), { Guides: ['b'] })
    const late = [postGroup('h', 'Hosts', [x.id, 'bulkId:c']), { method: 'DELETE', path: `/Users/${x.id}` }, postUser('c', 'c')]
    assert.deepEqual(statuses(await bulkResults(scim, late)), ['201', '204', '201'])
    assert.deepEqual(await membership(scim), { Guides: ['b'], Hosts: ['c'] })
  })

  it('of a thousand operations, each to the next, are carried out', async () => {
    const chain = Array.from({ length: 1000 }, (_, at) => postGroup(`g${at}`, `G${at}`, at < 999 ? [`bulkId:g${at + 1}`] : []))
    const results = await bulkResults(scim, chain)
    assert.deepEqual([...new Set(statuses(results))], ['201'])
    assert.equal((await scim.get(`/Groups/${idOf(results[0])}`)).body.members[0].value, idOf(results[1]))
  }).timeout(60_000)
})

describe('the plan of a bulk request', () => {
  const plan = (...operations: [needs: number[], touches?: string[]][]) =>
    planBulk(operations.map(([needs, touches = []]) => ({ needs: new Set(needs), touches: new Set(touches) })))
  const order = (...operations: Parameters<typeof plan>) => plan(...operations).map((set) => set.map(({ index }) => index))

  it('keeps the order of operations that have nothing to do with each other', () => {
    assert.deepEqual(order([[]], [[]], [[]]), [[0], [1], [2]])
  })

  it('puts linked operations where the last of them stands', () => {
    assert.deepEqual(order([[]], [[]], [[0]], [[]]), [[1], [0, 2], [3]])
  })

  it('puts a creation right before the first that needs it', () => {
    assert.deepEqual(order([[2]], [[2]], [[]], [[0, 1]]), [[2, 0, 1, 3]])
  })

  it('knows which references of a circle wait', () => {
    assert.deepEqual(plan([[1]], [[2]], [[0, 2]]), [
      [
        { index: 2, before: [0, 2] },
        { index: 1, before: [] },
        { index: 0, before: [] },
      ],
    ])
  })

  it('joins a set with whoever it would overtake on one resource, and with nobody else', () => {
    assert.deepEqual(order([[2], ['x']], [[], ['x']], [[]]), [[2, 0, 1]])
    assert.deepEqual(order([[2], ['x']], [[], ['y']], [[]]), [[1], [2, 0]])
    assert.deepEqual(order([[]], [[]], [[0], ['x']], [[1], ['x']]), [
      [0, 2],
      [1, 3],
    ])
  })
})
