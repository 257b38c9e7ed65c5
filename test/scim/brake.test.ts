import assert from 'node:assert/strict'
import { assertHeld, type Braked, bulkOf, newBraked } from '../support/braked.js'
import type { ScimAnswer } from '../support/scim-client.js'

/** Too many departures within an hour pause their connection before the last of them commits: security.md SEC-SCIM-22. */

describe('the brake of a connection, on the directory', () => {
  let tenant: Braked

  beforeEach(async () => {
    tenant = await newBraked()
  })

  const threshold = { directoryPercent: 40, directoryUsers: 5 }

  it('SEC-SCIM-22 holds the deactivation after which more than 40 % of all users would have left within an hour', async () => {
    const ids = await tenant.people(40)
    const answers: ScimAnswer[] = []
    for (const id of ids.slice(0, 24)) answers.push(await tenant.disable(id))
    // 16 are 40 %, and 20 the least number: with the 20th it is half.
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array(19).fill(200), ...Array(5).fill(503)],
    )
    assertHeld(answers[19] ?? assert.fail(), /20 of 40 active users.*within an hour.*more than 40 %/)
    assert.equal(await tenant.activeUsers(), 21)
    assert.deepEqual(await tenant.held(), [{ of: { type: 'directory' }, lost: 20, total: 40, percent: 40 }])
  })

  it('counts in one place what several requests do at once: none crosses unseen', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(12)
    const answers = await Promise.all(ids.map(tenant.disable))
    assert.equal(answers.filter(({ status }) => status === 200).length, 4)
    assert.equal(await tenant.activeUsers(), 8)
    assert.equal((await tenant.held()).length, 1)
  })

  it('counts every way to switch off: PATCH with and without a path, PUT, Bulk', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(10)
    const user = (id: string) => ({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `renamed ${id}`,
      active: false,
    })
    await tenant.scim.patch(`/Users/${ids[0]}`, [{ op: 'replace', value: { active: 'False' } }])
    await tenant.scim.put(`/Users/${ids[1]}`, user(ids[1] ?? ''))
    await tenant.disable(ids[2] ?? '')
    const operations = ids.slice(3, 6).map((id) => ({ method: 'PUT', path: `/Users/${id}`, data: user(id) }))
    const bulk = await tenant.scim.post('/Bulk', bulkOf(operations))
    assert.deepEqual(
      bulk.body.Operations.map(({ status }: { status: string }) => status),
      ['200', '503', '503'],
    )
    assert.equal(await tenant.activeUsers(), 6)
  })

  it('does not count who is switched on again, nor twice who is switched off twice', async () => {
    await tenant.setBrake(threshold)
    const [first = '', ...ids] = await tenant.people(10)
    for (let turn = 0; turn < 6; turn++) {
      await tenant.disable(first)
      await tenant.scim.patch(`/Users/${first}`, [{ op: 'replace', path: 'active', value: true }])
    }
    for (const id of ids.slice(0, 4)) assert.equal((await tenant.disable(id)).status, 200)
    assert.equal((await tenant.disable(first)).status, 503)
  })

  it('does not count who left more than an hour ago', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(10)
    for (const id of ids.slice(0, 4)) await tenant.disable(id)
    const { db } = tenant.app.core
    await db('connection_departures')
      .where({ org_id: tenant.orgId })
      .update({ at: db.raw("now() - interval '61 minutes'") })
    assert.equal((await tenant.disable(ids[4] ?? '')).status, 200)
    assert.equal((await tenant.rows('connection_departures')).length, 1)
  })

  it('does not count people who are made and deleted within the hour, as a connection test does', async () => {
    await tenant.setBrake({ directoryUsers: 2 })
    for (let turn = 0; turn < 5; turn++) {
      const { id } = await tenant.user('probe')
      if (turn % 2 === 1) await tenant.disable(id)
      assert.equal((await tenant.scim.delete(`/Users/${id}`)).status, 204)
    }
    assert.equal((await tenant.connection()).status, 'active')
  })

  it('counts the deletion of people who were there before', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(8)
    // Their ids say when they came: an hour and more ago.
    const old = (id: string) => `01900000${id.slice(8)}`
    const { db } = tenant.app.core
    for (const table of ['user_states', 'identities']) await db(table).where({ org_id: tenant.orgId }).delete()
    for (const id of ids)
      await db('users')
        .where({ org_id: tenant.orgId, id })
        .update({ id: old(id) })
    const answers: number[] = []
    for (const id of ids.slice(0, 6)) answers.push((await tenant.scim.delete(`/Users/${old(id)}`)).status)
    assert.deepEqual(answers, [204, 204, 204, 204, 503, 503])
    assert.equal(await tenant.activeUsers(), 4)
  })

  it('starts anew after a release', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(12)
    for (const id of ids.slice(0, 5)) await tenant.disable(id)
    await tenant.decide('release')
    for (const id of ids.slice(0, 6)) assert.equal((await tenant.disable(id)).status, 200)
    assert.deepEqual(await tenant.rows('connection_departures'), [])
  })

  it('is nobody else’s: another connection of the organization goes on', async () => {
    await tenant.setBrake(threshold)
    const ids = await tenant.people(6)
    for (const id of ids) await tenant.disable(id)
    assert.equal((await tenant.connection()).status, 'paused')
    const other = await tenant.app.createConnection(tenant)
    const answer = await fetch(`${other.baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'other' }),
    })
    assert.equal(answer.status, 201)
  })
})
