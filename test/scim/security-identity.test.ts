import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { coreGroup, coreUser } from '../support/scim-client.js'
import { newTenant, type Tenant, tenantOf } from '../support/tenant.js'

/** Who a resource is, the server says; nothing a client names makes it somebody else, or more than it was. */

const absent = '018f0000-0000-7000-8000-000000000000'

describe('identity of resources', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant()
  })

  it('SEC-SCIM-3 an externalId is data, whatever it looks like, and finds nothing as an id', async () => {
    const victim = await tenant.user('ext-victim')
    for (const externalId of ['1', '0', '-1', 'null', victim.id, absent, "' or 1=1 --", 'ü'.repeat(500)]) {
      const created = await tenant.user(`ext-${externalId.slice(0, 12)}-${externalId.length}`, { externalId })
      assert.match(created.id, /^[0-9a-f-]{36}$/)
      assert.notEqual(created.id, externalId)
      assert.equal(created.externalId, externalId)
      const byId = await tenant.scim.get(`/Users/${encodeURIComponent(externalId)}`)
      assert.equal(byId.status === 200 ? byId.body.userName : byId.status, externalId === victim.id ? 'ext-victim' : 404)
      const found = await tenant.scim.filter('/Users', `externalId eq ${JSON.stringify(externalId)}`)
      assert.deepEqual(
        found.body.Resources.map((user: { id: string }) => user.id),
        [created.id],
      )
    }
  })

  it('SEC-SCIM-3 an externalId that is null is none, one of another type or of 10 KB is refused', async () => {
    assert.equal((await tenant.user('ext-null', { externalId: null })).externalId, undefined)
    for (const externalId of [1, true, {}, ['a'], 'a'.repeat(10_240)] as Json[]) {
      const answer = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'ext-bad', externalId })
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'], JSON.stringify(externalId).slice(0, 50))
    }
  })

  it('SEC-SCIM-3 an externalId is unique in its connection, compared with case, and free in another one', async () => {
    await tenant.user('ext-a', { externalId: 'E-1' })
    const taken = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'ext-b', externalId: 'E-1' })
    assert.deepEqual([taken.status, taken.body.scimType], [409, 'uniqueness'])
    await tenant.user('ext-c', { externalId: 'e-1' })
    await tenantOf(tenant.app, await tenant.app.createConnection(tenant)).user('ext-d', { externalId: 'E-1' })
    await tenant.group('ext-g', [], { externalId: 'E-1' })
  })

  for (const kind of ['Users', 'Groups'] as const) {
    it(`SEC-SCIM-4 the id in the address of one of ${kind} decides, whatever id or meta the body has`, async () => {
      const make = (name: string) => (kind === 'Users' ? tenant.user(name) : tenant.group(name))
      const [own, other] = [await make(`id-own-${kind}`), await make(`id-other-${kind}`)]
      const meta = { location: other.meta.location, version: 'W/"99"', created: '2001-01-01T00:00:00Z', resourceType: 'Owner' }
      const name =
        kind === 'Users' ? { schemas: [coreUser], userName: 'id-new' } : { schemas: [coreGroup], displayName: 'id-new' }
      const put = await tenant.scim.put(`/${kind}/${own.id}`, { ...name, id: other.id, meta })
      assert.deepEqual([put.status, put.body.id, put.body.meta.location], [200, own.id, own.meta.location], put.text)
      assert.equal(put.body.meta.created, own.meta.created)
      const patched = await tenant.scim.patch(`/${kind}/${own.id}`, [
        { op: 'replace', value: { id: other.id, meta, externalId: `from-${kind}` } },
      ])
      assert.deepEqual([patched.status, patched.body.id, patched.body.externalId], [200, own.id, `from-${kind}`])
      assert.deepEqual((await tenant.scim.get(`/${kind}/${other.id}`)).body, other)
      const created = await tenant.scim.post(`/${kind}`, {
        ...name,
        ...(kind === 'Users' && { userName: 'id-x' }),
        id: other.id,
        meta,
      })
      assert.deepEqual([created.status, created.body.id === other.id], [201, false])
    })
  }

  it('SEC-SCIM-5 no change by SCIM moves a login address, here or in another organization', async () => {
    const elsewhere = await newTenant()
    const sent = { emails: [{ value: 'ada@example.com', primary: true }] }
    const [here, there] = [await tenant.user('ada@example.com', sent), await elsewhere.user('ada@example.com', sent)]
    const { db } = tenant.app.core
    const address = { login_address: 'ada@example.com', login_address_key: 'ada@example.com' }
    await db('users').where({ org_id: tenant.orgId, id: here.id }).update(address)
    await db('users').where({ org_id: elsewhere.orgId, id: there.id }).update(address)
    const untouched = await elsewhere.facts()
    const moved = { userName: 'eve@example.com', emails: [{ value: 'eve@example.com', primary: true }] }
    assert.equal((await tenant.scim.put(`/Users/${here.id}`, { schemas: [coreUser], ...moved })).status, 200)
    assert.equal(
      (await tenant.scim.patch(`/Users/${here.id}`, [{ op: 'replace', path: 'userName', value: 'mallory' }])).status,
      200,
    )
    const [row] = await tenant.rows('users', { id: here.id })
    assert.deepEqual([row.user_name, row.login_address, row.login_address_key], ['mallory', 'ada@example.com', 'ada@example.com'])
    assert.equal(await elsewhere.facts(), untouched)
  })

  it('SEC-SCIM-5 a connection neither sees nor changes who another connection of the organization manages', async () => {
    const other = tenantOf(tenant.app, await tenant.app.createConnection(tenant))
    const theirs = await other.user('managed-elsewhere')
    for (const answer of [
      await tenant.scim.get(`/Users/${theirs.id}`),
      await tenant.scim.put(`/Users/${theirs.id}`, { schemas: [coreUser], userName: 'taken-over' }),
      await tenant.scim.patch(`/Users/${theirs.id}`, [{ op: 'replace', path: 'active', value: false }]),
      await tenant.scim.delete(`/Users/${theirs.id}`),
    ]) {
      assert.equal(answer.status, 404)
    }
    assert.deepEqual((await other.scim.get(`/Users/${theirs.id}`)).body, theirs)
  })

  it('SEC-SCIM-7 a name or a role that is claimed grants nothing: no table but those of the directory and its journal knows of it', async () => {
    const census = async () => new Map((await tenant.facts()).split('\n').map((line) => [line, line.split(' ')[0]]))
    const before = await census()
    const claims = { roles: [{ value: 'owner', primary: true }], entitlements: [{ value: 'admin' }], userType: 'Owner' }
    const user = await tenant.user('claimant', claims)
    for (const name of ['admins', 'Owner', 'Оwner', 'gatehouse-operators']) {
      const group = await tenant.group(`was ${name}`, [user.id])
      assert.equal(
        (await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'displayName', value: name }])).status,
        200,
      )
    }
    const touched = new Set([...(await census())].filter(([line]) => !before.has(line)).map(([, table]) => table))
    const own = [
      'audit_events',
      'audit_lists',
      'changes',
      'groups',
      'identities',
      'memberships',
      'org_counters',
      'user_states',
      'users',
    ]
    assert.deepEqual([...touched].sort(), own)
  })

  it('SEC-SCIM-24 what is absent and what belongs to somebody else get the same 404', async () => {
    const elsewhere = await newTenant()
    const other = tenantOf(tenant.app, await tenant.app.createConnection(tenant))
    const gone = await tenant.user('gone')
    await tenant.scim.delete(`/Users/${gone.id}`)
    const strangers = {
      Users: [gone.id, (await elsewhere.user('x')).id, (await other.user('x')).id, (await tenant.group('x')).id],
      Groups: [(await elsewhere.group('x')).id, (await other.group('x')).id, (await tenant.user('y')).id],
    }
    for (const [kind, ids] of Object.entries(strangers)) {
      const calls = (id: string) => [
        tenant.scim.get(`/${kind}/${id}`),
        tenant.scim.get(`/${kind}/${id}`, { 'if-none-match': '*' }),
        tenant.scim.put(`/${kind}/${id}`, { schemas: [coreUser, coreGroup], userName: 'z', displayName: 'z' }),
        tenant.scim.patch(`/${kind}/${id}`, [{ op: 'replace', path: 'displayName', value: 'z' }]),
        tenant.scim.patch(`/${kind}/${id}`, [{ op: 'replace', path: 'displayName', value: 'z' }], { 'if-match': 'W/"7"' }),
        tenant.scim.delete(`/${kind}/${id}`),
        tenant.scim.delete(`/${kind}/${id}`, { 'if-match': 'W/"7"' }),
      ]
      const shown = async (id: string) =>
        (await Promise.all(calls(id))).map(({ status, headers, text }) => [
          status,
          headers.get('etag'),
          text.replaceAll(id, 'ID'),
        ])
      const expected = await shown(absent)
      assert.deepEqual([...new Set(expected.map(([status]) => status))], [404])
      for (const id of ids) assert.deepEqual(await shown(id), expected, kind)
    }
  })

  it('SEC-SCIM-24 a member that is absent and one that belongs to somebody else are refused alike', async () => {
    const foreign = await (await newTenant()).user('foreign-member')
    const { id } = await tenant.group('for members')
    const refused = async (value: string) => {
      const answer = await tenant.scim.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value }] }])
      return [answer.status, answer.text.replaceAll(value, 'ID')]
    }
    assert.deepEqual(await refused(foreign.id), await refused(absent))
    assert.equal((await refused(absent))[0], 400)
  })

  it('SEC-SCIM-24 a 409 names the attribute, the remedy and nothing of the one who has the value', async () => {
    const other = tenantOf(tenant.app, await tenant.app.createConnection(tenant))
    const secret = await other.user('Taken.Name', { externalId: 'hidden-1', displayName: 'Hidden Person' })
    const answer = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'taken.name' })
    assert.deepEqual([answer.status, answer.body.scimType], [409, 'uniqueness'])
    assert.match(answer.body.detail, /userName/)
    for (const hidden of [secret.id, 'hidden-1', 'Hidden Person', 'Taken.Name', other.connectionId]) {
      assert.equal(answer.text.includes(hidden), false, hidden)
    }
  })
})
