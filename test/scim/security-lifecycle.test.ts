import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { coreUser } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** How people leave, and that a request is done whole or not at all. */

describe('leaving', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant()
  })

  const row = async (id: string) => (await tenant.rows('users', { id }))[0]
  const eventsOf = async (id: string): Promise<string[]> =>
    (await tenant.rows('audit_events', { target_id: id })).sort((a, b) => a.seq - b.seq).map((event) => event.event)

  /** Ids of the transactions that last wrote the user's row, its open state and its last audit record. */
  const transactions = async (id: string): Promise<Set<string>> => {
    const { db } = tenant.app.core
    const found = await db.raw(
      `select xmin::text as x from users where org_id = ? and id = ?
       union all (select xmin::text from user_states where org_id = ? and user_id = ? order by id desc limit 1)
       union all (select xmin::text from audit_events where org_id = ? and target_id = ? order by seq desc limit 1)`,
      [tenant.orgId, id, tenant.orgId, id, tenant.orgId, id],
    )
    assert.equal(found.rows.length, 3)
    return new Set(found.rows.map((one: { x: string }) => one.x))
  }

  const off: Record<string, (user: Resource) => [method: 'PUT' | 'PATCH', body: JsonObject[] | JsonObject]> = {
    'replace by path': () => ['PATCH', [{ op: 'replace', path: 'active', value: false }]],
    'add by path': () => ['PATCH', [{ op: 'add', path: 'active', value: false }]],
    'Replace and ACTIVE in other cases': () => ['PATCH', [{ op: 'Replace', path: 'ACTIVE', value: false }]],
    'the path with its URN': () => ['PATCH', [{ op: 'replace', path: `${coreUser}:active`, value: false }]],
    'a value without path': () => ['PATCH', [{ op: 'replace', value: { active: false } }]],
    'a value without path, with the URN': () => ['PATCH', [{ op: 'add', value: { [`${coreUser}:active`]: false } }]],
    'the text "False"': () => ['PATCH', [{ op: 'replace', path: 'active', value: 'False' }]],
    'the text "false" without path': () => ['PATCH', [{ op: 'Replace', value: { active: 'false' } }]],
    'the last of several operations': () => [
      'PATCH',
      [
        { op: 'replace', path: 'title', value: 'x' },
        { op: 'replace', path: 'active', value: true },
        { op: 'replace', path: 'active', value: false },
      ],
    ],
    'a PUT': (user) => ['PUT', { ...user, active: false }],
    'a PUT with the text "False"': (user) => ['PUT', { ...user, active: 'False' }],
  }

  for (const [spelling, request] of Object.entries(off)) {
    it(`SEC-SCIM-16 switching off by ${spelling} ends what the user holds in the same transaction`, async () => {
      const user = await tenant.user(`off by ${spelling}`)
      const [method, body] = request(user)
      const answer =
        method === 'PUT'
          ? await tenant.scim.put(`/Users/${user.id}`, body as JsonObject)
          : await tenant.scim.patch(`/Users/${user.id}`, body as JsonObject[])
      assert.deepEqual([answer.status, answer.body.active], [200, false], answer.text)
      const { active, epoch } = await row(user.id)
      assert.deepEqual([active, epoch], [false, 2])
      assert.equal((await transactions(user.id)).size, 1)
      assert.equal((await eventsOf(user.id)).at(-1), 'user.deactivated')
      const shown = await tenant.scim.get(`/Users/${user.id}`)
      assert.deepEqual([shown.status, shown.body.active], [200, false])
    })
  }

  it('SEC-SCIM-16 a user who comes switched off is off from the start', async () => {
    const answer = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'born off', active: 'False' })
    assert.deepEqual([answer.status, answer.body.active, (await row(answer.body.id)).active], [201, false, false])
  })

  it('SEC-SCIM-16 a word that is no boolean switches nobody off or on, and "False" never leaves a user on', async () => {
    const { id } = await tenant.user('odd words')
    for (const value of ['no', '0', 0, 'disabled', '', ' false', [false], { value: false }]) {
      const answer = await tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value }])
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'], JSON.stringify(value))
    }
    const strict = await newTenant({ profile: 'rfc' })
    const other = await strict.user('strict')
    const answer = await strict.scim.patch(`/Users/${other.id}`, [{ op: 'replace', path: 'active', value: 'False' }])
    assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'])
  })

  it('SEC-SCIM-16 taking the attribute away, or giving it no value, leaves who is off switched off', async () => {
    const { id } = await tenant.user('stays off', { active: false })
    for (const operation of [
      { op: 'remove', path: 'active' },
      { op: 'replace', path: 'active', value: null },
      { op: 'replace', value: { active: null } },
      { op: 'add', path: 'active', value: [] },
    ]) {
      const answer = await tenant.scim.patch(`/Users/${id}`, [operation])
      assert.deepEqual([answer.status, answer.body.active], [200, false], JSON.stringify(operation))
    }
  })

  it('SEC-SCIM-16 switching off again moves nothing; switching on revives nothing that ended', async () => {
    const { id } = await tenant.user('twice off')
    const set = (active: boolean) => tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: active }])
    const first = await set(false)
    const second = await set(false)
    assert.deepEqual([second.body.meta, (await row(id)).epoch], [first.body.meta, 2])
    await set(true)
    assert.deepEqual([(await row(id)).active, (await row(id)).epoch], [true, 2])
    await set(false)
    assert.equal((await row(id)).epoch, 3)
    assert.deepEqual(await eventsOf(id), ['user.created', 'user.deactivated', 'user.reactivated', 'user.deactivated'])
  })

  it('SEC-SCIM-16 a PUT that does not mention active lets nobody in again', async () => {
    const { id } = await tenant.user('silent put', { active: false })
    const answer = await tenant.scim.put(`/Users/${id}`, { schemas: [coreUser], userName: 'silent put', title: 'x' })
    assert.deepEqual([answer.status, answer.body.active], [200, false])
  })

  it('SEC-SCIM-16 a request that fails after its switch leaves user, epoch and journal as they were', async () => {
    const user = await tenant.user('half way')
    const answer = await tenant.scim.patch(`/Users/${user.id}`, [
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'userName', value: 'silent put' },
    ])
    assert.equal(answer.status, 409)
    const { active, epoch, version } = await row(user.id)
    assert.deepEqual([active, epoch, version], [true, 1, 1])
    assert.deepEqual(await eventsOf(user.id), ['user.created'])
  })

  it('SEC-SCIM-16 DELETE ends sessions, links, states and memberships in one transaction', async () => {
    const user = await tenant.user('deleted', { externalId: 'deleted-1' })
    const group = await tenant.group('with the deleted', [user.id])
    const answer = await tenant.scim.delete(`/Users/${user.id}`)
    assert.deepEqual([answer.status, answer.text], [204, ''])
    const { active, epoch, deleted_at } = await row(user.id)
    assert.deepEqual([active, epoch, deleted_at === null], [false, 2, false])
    assert.equal((await transactions(user.id)).size, 1)
    for (const table of ['identities', 'user_states', 'memberships']) {
      assert.deepEqual(await tenant.rows(table, { user_id: user.id, closed_by: null }), [], table)
    }
    const shown = (await tenant.scim.get(`/Groups/${group.id}`)).body
    assert.deepEqual([shown.members, shown.meta.version], [undefined, 'W/"2"'])
  })

  it('SEC-SCIM-17 who comes again under the old name and externalId is somebody new, who inherits nothing', async () => {
    const sent = { externalId: 'again-1', title: 'Chief', roles: [{ value: 'owner' }] }
    const first = await tenant.user('again', sent)
    const group = await tenant.group('of the first', [first.id])
    await tenant.scim.patch(`/Users/${first.id}`, [{ op: 'replace', path: 'active', value: false }])
    await tenant.scim.delete(`/Users/${first.id}`)
    const second = await tenant.user('again', { externalId: 'again-1' })
    assert.notEqual(second.id, first.id)
    assert.deepEqual([second.title, second.roles, second.groups, second.active], [undefined, undefined, undefined, true])
    assert.equal((await row(second.id)).epoch, 1)
    assert.equal((await tenant.scim.get(`/Groups/${group.id}`)).body.members, undefined)
    assert.deepEqual(await eventsOf(second.id), ['user.created'])
    assert.equal((await tenant.scim.get(`/Users/${first.id}`)).status, 404)
    assert.deepEqual((await tenant.scim.filter('/Users', 'externalId eq "again-1"')).body.Resources, [second])
  })

  it('SEC-SCIM-17 a group that was deleted leaves its members free and its name and externalId to a new one', async () => {
    const member = await tenant.user('survivor')
    const first = await tenant.group('phoenix', [member.id], { externalId: 'g-1' })
    const outer = await tenant.group('around phoenix', [first.id])
    assert.equal((await tenant.scim.delete(`/Groups/${first.id}`)).status, 204)
    const second = await tenant.group('phoenix', [], { externalId: 'g-1' })
    assert.notEqual(second.id, first.id)
    assert.equal((await tenant.scim.get(`/Users/${member.id}`)).body.groups, undefined)
    assert.equal((await tenant.scim.get(`/Groups/${outer.id}`)).body.members, undefined)
  })

  it('SEC-SCIM-9 one bad member or operation refuses the whole PATCH and PUT of a group', async () => {
    const [a, b] = [await tenant.user('atomic-a'), await tenant.user('atomic-b')]
    const group = await tenant.group('atomic', [a.id])
    const nobody = '018f0000-0000-7000-8000-000000000000'
    const before = (await tenant.scim.get(`/Groups/${group.id}`)).body
    for (const operations of [
      [{ op: 'add', path: 'members', value: [{ value: b.id }, { value: nobody }] }],
      [{ op: 'replace', path: 'members', value: [{ value: nobody }] }],
      [
        { op: 'remove', path: 'members' },
        { op: 'replace', path: 'nothing', value: 1 },
      ],
      [
        { op: 'replace', path: 'displayName', value: 'renamed' },
        { op: 'add', path: 'members', value: [{ value: nobody }] },
      ],
    ] as JsonObject[][]) {
      const answer = await tenant.scim.patch(`/Groups/${group.id}`, operations)
      assert.equal(answer.status, 400, answer.text)
      assert.deepEqual((await tenant.scim.get(`/Groups/${group.id}`)).body, before)
    }
    const put = await tenant.scim.put(`/Groups/${group.id}`, { ...before, displayName: 'renamed', members: [{ value: nobody }] })
    assert.equal(put.status, 400)
    assert.deepEqual((await tenant.scim.get(`/Groups/${group.id}`)).body, before)
  })

  it('SEC-SCIM-9 removing members by a value list takes those alone, by whatever spelling', async () => {
    const people = await Promise.all(['v1', 'v2', 'v3', 'v4'].map((name) => tenant.user(name)))
    const ids: string[] = people.map((person) => person.id)
    const group = await tenant.group('value lists', ids)
    const members = async () => (await tenant.scim.get(`/Groups/${group.id}`)).body.members?.map((m: Resource) => m.value) ?? []
    const [one = '', two = '', three = '', four = ''] = ids
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'Remove', path: 'members', value: [{ value: one }] }])
    assert.deepEqual(await members(), [two, three, four])
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members', value: { value: two, $ref: null } }])
    assert.deepEqual(await members(), [three, four])
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[value eq "${three}"]` }])
    assert.deepEqual(await members(), [four])
    const nothing = await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members', value: [] }])
    assert.equal(nothing.status, 200)
    assert.deepEqual(await members(), [four])
  })
})
