import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { define } from '../support/extension.js'
import { coreUser } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant, tenantOf } from '../support/tenant.js'

/** What an extension may show and to whom: `returned`, `mutability`, discovery, and the audit trail. */

const urn = 'urn:acme:scim:2.0:Vault'
const team = 'urn:acme:scim:2.0:TeamVault'

describe('extension attributes that are not for everybody', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant()
    const attributes = [
      { name: 'pin', returned: 'never' as const },
      { name: 'seed', mutability: 'writeOnly' as const },
      { name: 'hint', returned: 'request' as const },
      { name: 'tier', returned: 'always' as const },
      { name: 'note' },
      {
        name: 'keys',
        type: 'complex' as const,
        multiValued: true,
        subAttributes: [{ name: 'value' }, { name: 'secret', returned: 'never' as const }],
      },
    ]
    await define(tenant, { urn, resourceType: 'User', name: 'Vault', attributes })
    await define(tenant, {
      urn: team,
      resourceType: 'Group',
      name: 'TeamVault',
      attributes: [{ name: 'pin', returned: 'never' }, { name: 'note' }],
    })
  })

  const all = { pin: 'PIN-1', seed: 'SEED-1', hint: 'h', tier: 'gold', note: 'n', keys: [{ value: 'k', secret: 'KEY-1' }] }

  it('are shown as `returned` says: never, on request, always, by default', async () => {
    const shown = { tier: 'gold', note: 'n', keys: [{ value: 'k' }] }
    const user = await tenant.user('returned', { [urn]: all })
    assert.deepEqual(user[urn], { ...shown, hint: 'h' }, 'a POST shows what it wrote')
    const get = async (query: string) => (await tenant.scim.get(`/Users/${user.id}${query}`)).body[urn]
    assert.deepEqual(await get(''), shown)
    assert.deepEqual(await get('?attributes=userName'), { tier: 'gold' })
    assert.deepEqual(await get(`?attributes=${urn}:hint`), { hint: 'h', tier: 'gold' })
    assert.deepEqual(await get(`?attributes=${urn}:pin,${urn}:seed,${urn}:keys.secret`), { tier: 'gold' })
    assert.deepEqual(await get(`?excludedAttributes=${urn}:tier,${urn}:note`), { tier: 'gold', keys: [{ value: 'k' }] })
    const patched = await tenant.scim.patch(`/Users/${user.id}`, [{ op: 'replace', path: `${urn}:hint`, value: 'h2' }])
    assert.equal(patched.body[urn].hint, 'h2')
    const listed = (await tenant.scim.get('/Users')).text
    for (const secret of ['PIN-1', 'SEED-1', 'KEY-1']) assert.equal(listed.includes(secret), false)
  })

  it('SEC-SCIM-13 that are secret are no object of a filter, a value path, a sort or a presence test', async () => {
    await tenant.user('asked', { [urn]: all })
    for (const path of ['pin', 'seed', 'keys.secret']) {
      for (const filter of [`${urn}:${path} eq "PIN-1"`, `${urn}:${path} pr`, `not (${urn}:${path} sw "P")`]) {
        const answer = await tenant.scim.filter('/Users', filter)
        assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidFilter'], filter)
      }
      assert.equal((await tenant.scim.get(`/Users?sortBy=${urn}:${path}`)).status, 400)
    }
    assert.equal((await tenant.scim.filter('/Users', `${urn}:keys[secret eq "KEY-1"]`)).status, 400)
    assert.equal((await tenant.scim.filter('/Users', `${urn}:keys[secret pr or value pr]`)).status, 400)
  })

  it('SEC-SCIM-13 that are secret are written in no audit record and no delivery, by whichever change', async () => {
    const user = await tenant.user('audited', { [urn]: all })
    const change = (operations: JsonObject[]) => tenant.scim.patch(`/Users/${user.id}`, operations)
    const second = { ...all, pin: 'PIN-2', seed: 'SEED-2', note: 'n2', keys: [{ value: 'k', secret: 'KEY-2' }] }
    for (const answer of [
      await change([{ op: 'replace', path: `${urn}:pin`, value: 'PIN-3' }]),
      await change([{ op: 'replace', value: { [`${urn}:seed`]: 'SEED-3' } }]),
      await change([{ op: 'replace', path: `${urn}:keys[value eq "k"].secret`, value: 'KEY-3' }]),
      await tenant.scim.put(`/Users/${user.id}`, { schemas: [coreUser, urn], userName: 'audited', [urn]: second }),
      await change([{ op: 'remove', path: urn }]),
      await tenant.scim.delete(`/Users/${user.id}`),
    ]) {
      assert.ok(answer.status < 300, answer.text)
    }
    const group = await tenant.group('audited', [], { [team]: { pin: 'PIN-4', note: 'n' } })
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'replace', path: `${team}:pin`, value: 'PIN-5' }])
    const events = await tenant.rows('audit_events')
    const told = JSON.stringify([events, await tenant.rows('outbox'), await tenant.rows('audit_lists')])
    assert.doesNotMatch(told, /PIN-|SEED-|KEY-/)
    const updates = events.filter((event) => event.event === 'user.updated' && event.target_id === user.id)
    assert.equal(updates.length, 5, 'that a secret changed is said')
    const put = updates.map((event) => event.changed[urn]).find((change) => change.after?.note === 'n2')
    assert.deepEqual(put.after, { ...second, pin: '•••', seed: '•••', keys: [{ value: 'k', secret: '•••' }] })
  })

  it('SEC-SCIM-13 that are secret come back in no refusal', async () => {
    for (const [name, value] of [
      ['pin', ['PIN-9']],
      ['seed', { a: 'PIN-9' }],
      ['keys', [{ secret: ['PIN-9'] }]],
    ] as const) {
      const answer = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'x', [urn]: { [name]: value as never } })
      assert.equal(answer.status, 400)
      assert.doesNotMatch(answer.text, /PIN-9/)
    }
  })

  it('are announced in /Schemas and /ResourceTypes with every characteristic, at once', async () => {
    const schema = (await tenant.scim.get(`/Schemas/${urn}`)).body
    assert.deepEqual(
      schema.attributes.map((one: Resource) => [one.name, one.returned, one.mutability]),
      [
        ['pin', 'never', 'readWrite'],
        ['seed', 'default', 'writeOnly'],
        ['hint', 'request', 'readWrite'],
        ['tier', 'always', 'readWrite'],
        ['note', 'default', 'readWrite'],
        ['keys', 'default', 'readWrite'],
      ],
    )
    const type = (await tenant.scim.get('/ResourceTypes/User')).body
    assert.deepEqual(type.schemaExtensions.at(-1), { schema: urn, required: false })
    await define(tenant, { urn: 'urn:acme:scim:2.0:Late', resourceType: 'User', name: 'Late', attributes: [{ name: 'late' }] })
    assert.equal((await tenant.scim.get('/Schemas/urn:acme:scim:2.0:Late')).status, 200)
    assert.equal((await tenant.user('late', { 'urn:acme:scim:2.0:Late': { late: 'x' } }))['urn:acme:scim:2.0:Late'].late, 'x')
  })

  it('are attributes of every connection of the organization, and of no other organization', async () => {
    const sibling = tenantOf(tenant.app, await tenant.app.createConnection(tenant))
    assert.equal((await sibling.scim.get(`/Schemas/${urn}`)).status, 200)
    const stranger = await newTenant()
    assert.equal((await stranger.scim.get(`/Schemas/${urn}`)).status, 404)
    assert.doesNotMatch((await stranger.scim.get('/Schemas')).text + (await stranger.scim.get('/ResourceTypes')).text, /acme/)
    const user = await stranger.user('stranger', { [urn]: { note: 'n' } })
    assert.deepEqual([user[urn], user.schemas], [undefined, [coreUser]])
    assert.equal((await stranger.scim.filter('/Users', `${urn}:note pr`)).body.scimType, 'invalidFilter')
    assert.equal((await stranger.scim.get(`/Users?sortBy=${urn}:note`)).status, 400)
    const patched = await stranger.scim.patch(`/Users/${user.id}`, [{ op: 'add', path: `${urn}:note`, value: 'n' }])
    assert.deepEqual([patched.status, patched.body.scimType], [400, 'invalidPath'])
  })
})
