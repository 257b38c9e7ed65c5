import assert from 'node:assert/strict'
import { assertHeld, type Braked, bulkOf, newBraked } from '../support/braked.js'
import type { ScimAnswer } from '../support/scim-client.js'
import type { Resource } from '../support/tenant.js'

/** A change that would empty a group pauses its connection before it commits: scim-clients.md §4.2. */

describe('the brake of a connection, on a group', () => {
  let tenant: Braked
  let ids: string[]
  let group: Resource

  beforeEach(async () => {
    tenant = await newBraked()
    ids = await tenant.people(30)
    group = await tenant.group('Sales', ids)
  })

  const membersOf = async (id: string): Promise<number> => (await tenant.scim.get(`/Groups/${id}`)).body.members?.length ?? 0
  const keepOnly = (kept: readonly string[]) =>
    tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'members', value: kept.map((value) => ({ value })) }])

  it('SEC-SCIM-22 holds a change that takes more than 60 % of the members away, and nothing of it is there', async () => {
    assertHeld(
      await keepOnly(ids.slice(0, 5)),
      /25 of 30 members of the group "Sales".*more than 60 %.*Nothing was changed.*paused/,
    )
    assert.equal(await membersOf(group.id), 30)
    const { status, pause } = await tenant.connection()
    assert.deepEqual([status, pause.by], ['paused', 'brake'])
    assert.match(pause.reason, /25 of 30 members of the group "Sales"/)
    assert.deepEqual(await tenant.held(), [
      { of: { type: 'group', id: group.id, name: 'Sales' }, lost: 25, total: 30, percent: 60 },
    ])
  })

  it('holds it however it is sent: PUT, an emptied list, remove without a filter, a filter, Bulk', async () => {
    const emptied = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'members', value: [] }],
    }
    const bulk = bulkOf([{ method: 'PATCH', path: `/Groups/${group.id}`, data: emptied }])
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
    const wipes: (() => Promise<ScimAnswer>)[] = [
      () => tenant.scim.put(`/Groups/${group.id}`, { schemas, displayName: 'Sales', members: [] }),
      () => keepOnly([]),
      () => tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members' }]),
      () => tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members[type eq "User"]' }]),
      () => tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members', value: ids.map((value) => ({ value })) }]),
    ]
    for (const wipe of wipes) {
      assertHeld(await wipe(), /30 of 30 members/)
      assert.equal((await tenant.decide('resume')).status, 200)
    }
    const { body } = await tenant.scim.post('/Bulk', bulk)
    assert.equal(body.Operations[0].status, '503')
    assert.match(body.Operations[0].response.detail, /30 of 30 members/)
    assert.equal(await membersOf(group.id), 30)
  })

  it('passes what takes away less: the share, or the number, or one member at a time', async () => {
    assert.equal((await keepOnly(ids.slice(0, 12))).status, 200)
    assert.equal((await keepOnly(ids.slice(0, 1))).status, 200)
    assert.equal(await membersOf(group.id), 1)
    assert.deepEqual(await tenant.held(), [])
  })

  it('does not count members that another change brings in their place as kept', async () => {
    const fresh = [(await tenant.user('fresh1')).id, (await tenant.user('fresh2')).id]
    assertHeld(await keepOnly(fresh), /30 of 30 members/)
  })

  it('lets a group that was just made be deleted', async () => {
    assert.equal((await tenant.scim.delete(`/Groups/${group.id}`)).status, 204)
  })

  it('answers reads and puts every change off while the connection is paused, and says why', async () => {
    await keepOnly([])
    assert.equal((await tenant.scim.get('/Users')).status, 200)
    assertHeld(await tenant.scim.patch(`/Users/${ids[0]}`, [{ op: 'replace', path: 'title', value: 'x' }]), /brake.*30 of 30/)
  })

  it('lets the change through once an administrator released it, for as long as was said', async () => {
    await keepOnly([])
    const { body } = await tenant.decide('release', { hours: 2 })
    assert.deepEqual([body.status, body.pause, body.verdict.kind], ['active', null, 'released'])
    const hours = (Date.parse(body.verdict.until) - Date.now()) / 3_600_000
    assert.ok(hours > 1.9 && hours < 2.1, String(hours))
    assert.equal((await keepOnly([])).status, 200)
    await tenant.app.core
      .db('connections')
      .where({ org_id: tenant.orgId, id: tenant.connectionId })
      .update({ brake_verdict_until: tenant.app.core.db.raw("now() - interval '1 second'") })
    assert.equal((await tenant.connection()).verdict, null)
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }])
    assertHeld(await keepOnly([]), /30 of 30/)
  })

  it('refuses the change for good once an administrator rejected it, and goes on with the others', async () => {
    await keepOnly([])
    assert.deepEqual((await tenant.decide('reject')).body.verdict.kind, 'rejected')
    const again = await keepOnly([])
    assert.equal(again.status, 403)
    assert.match(again.body.detail, /30 of 30 members.*rejected/)
    assert.equal((await tenant.connection()).status, 'active')
    assert.equal((await tenant.scim.patch(`/Users/${ids[0]}`, [{ op: 'replace', path: 'title', value: 'x' }])).status, 200)
    assert.equal(await membersOf(group.id), 30)
  })

  it('is decided on by administrators only where it holds something, and never instead of a person', async () => {
    assert.equal((await tenant.decide('reject')).body.type, 'urn:gatehouse:problem:not_braked')
    await tenant.decide('pause')
    assert.equal((await tenant.decide('release')).body.type, 'urn:gatehouse:problem:paused_by_hand')
    assert.equal((await tenant.decide('reject')).body.type, 'urn:gatehouse:problem:not_braked')
    await tenant.decide('resume')
    assert.equal((await tenant.decide('release')).body.verdict.kind, 'released')
    assert.equal((await keepOnly([])).status, 200)
  })

  it('holds by thresholds of the connection, and nothing where it is off', async () => {
    assert.equal((await tenant.setBrake({ groupPercent: 10, groupMembers: 5 })).body.brake.directoryPercent, 40)
    assertHeld(await keepOnly(ids.slice(0, 25)), /5 of 30 members.*more than 10 %/)
    await tenant.decide('resume')
    await tenant.setBrake({ mode: 'off' })
    assert.equal((await keepOnly([])).status, 200)
  })

  it('writes down who released and who rejected', async () => {
    await keepOnly([])
    await tenant.decide('reject')
    await tenant.decide('release')
    const rows = await tenant.rows('audit_events', { target_type: 'connection' })
    assert.deepEqual(
      rows.map((row) => [row.event, row.actor_type]),
      [
        ['connection.created', 'system'],
        ['connection.braked', 'system'],
        ['connection.brake_rejected', 'operator'],
        ['connection.brake_released', 'operator'],
      ],
    )
  })
})
