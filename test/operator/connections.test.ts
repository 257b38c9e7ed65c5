import assert from 'node:assert/strict'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { operatorClient } from '../support/operator-client.js'

describe('what the operator sets for a connection', () => {
  let app: TestApp
  let tenant: TestTenant
  let operator: ReturnType<typeof operatorClient>

  before(async () => {
    app = await sharedTestApp()
    operator = operatorClient(app.url, await app.createOperatorToken())
  })

  beforeEach(async () => {
    tenant = await app.createOrganization()
  })

  const place = () => `/organizations/${tenant.slug}/connections/${tenant.connectionId}`
  const configure = (settings: object) => operator('PATCH', place(), settings)
  const events = async () =>
    (await app.core.db('audit_events').where({ org_id: tenant.orgId }).orderBy('seq')).map(({ event, changed }) => ({
      event,
      changed,
    }))

  it('is what was given, and leaves the rest as it was', async () => {
    const first = await configure({ requestsPerSecond: 80, allowedFrom: ['192.0.2.0/24'] })
    assert.deepEqual([first.status, first.body.requestsPerSecond, first.body.allowedFrom], [200, 80, ['192.0.2.0/24']])
    const second = await configure({ brake: { groupPercent: 30 } })
    assert.deepEqual([second.body.requestsPerSecond, second.body.allowedFrom], [80, ['192.0.2.0/24']])
    const expected = { mode: 'on', groupPercent: 30, groupMembers: 20, directoryPercent: 40, directoryUsers: 20 }
    assert.deepEqual(second.body.brake, expected)
    assert.equal((await configure({ requestsPerSecond: null })).body.requestsPerSecond, null)
    const { items } = (await operator('GET', `/organizations/${tenant.slug}/connections`)).body
    assert.deepEqual([items[0].requestsPerSecond, items[0].allowedFrom, items[0].brake], [null, ['192.0.2.0/24'], expected])
  })

  it('is written down before and after, and only where it changed', async () => {
    await configure({ requestsPerSecond: 80, allowedFrom: [] })
    await configure({ requestsPerSecond: 80 })
    await configure({})
    assert.deepEqual((await events()).slice(-1), [
      { event: 'connection.configured', changed: { requestsPerSecond: { before: null, after: 80 } } },
    ])
    assert.equal((await events()).filter(({ event }) => event === 'connection.configured').length, 1)
  })

  it('is refused where it would limit below what Entra needs, or says nothing sensible', async () => {
    for (const settings of [
      { requestsPerSecond: 24 },
      { requestsPerSecond: 30.5 },
      { allowedFrom: ['10.0.0.0/33'] },
      { brake: { groupPercent: 0 } },
      { brake: { groupPercent: 100 } },
      { brake: { directoryUsers: 1 } },
      { brake: { mode: 'maybe' } },
    ]) {
      assert.equal((await configure(settings)).status, 400, JSON.stringify(settings))
    }
    for (const hours of [0, 200, 1.5]) assert.equal((await operator('POST', `${place()}/release`, { hours })).status, 400)
  })

  it('are OAuth 2.0 clients too: made with a secret told once, listed, and ended', async () => {
    const made = await operator('POST', `${place()}/clients`, { name: 'Entra', scopes: ['users:read'] })
    assert.equal(made.status, 201)
    assert.match(made.body.secret, /^ghc_[0-9A-Za-z]{71}$/)
    assert.equal(made.body.tokenUrl, `${app.url}/oauth/${tenant.slug}/token`)
    const listed = await operator('GET', `${place()}/clients`)
    assert.deepEqual(listed.body.items, [made.body.client])
    assert.equal(JSON.stringify(listed.body).includes(made.body.secret), false)
    const revoked = await operator('POST', `${place()}/clients/${made.body.client.id}/revoke`)
    assert.deepEqual([revoked.status, revoked.body.state], [200, 'revoked'])
    assert.equal((await operator('POST', `${place()}/clients/${made.body.client.id}/revoke`)).body.state, 'revoked')
    assert.deepEqual(
      (await events()).slice(-2).map(({ event }) => event),
      ['connection_client.created', 'connection_client.revoked'],
    )
  })

  it('is nothing of another organization', async () => {
    const { body } = await operator('POST', `${place()}/clients`, {})
    const other = await app.createOrganization()
    const theirs = `/organizations/${other.slug}/connections`
    assert.equal((await operator('POST', `${theirs}/${other.connectionId}/clients/${body.client.id}/revoke`)).status, 404)
    for (const path of ['', '/release', '/reject', '/clients']) {
      const method = path === '' ? 'PATCH' : 'POST'
      assert.equal((await operator(method, `${theirs}/${tenant.connectionId}${path}`, {})).status, 404, path)
    }
    assert.equal((await operator('GET', `${place()}/clients`)).body.items[0].state, 'live')
  })
})
