import assert from 'node:assert/strict'
import { createClient } from '../../src/connections/index.js'
import { tokenScopes } from '../../src/contract/token.js'
import { createLogger } from '../../src/platform/log.js'
import { startTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { anyAuthority } from '../support/authority.js'
import { operatorClient } from '../support/operator-client.js'
import { coreUser, errorSchema, scimClient } from '../support/scim-client.js'

/** How long and from where a connection's credentials work, through the doors. */

describe('the credentials of a connection', () => {
  let app: TestApp
  let tenant: TestTenant
  let operator: ReturnType<typeof operatorClient>
  let logged: string

  before(async () => {
    const write = (line: string) => {
      logged += line
    }
    const log = createLogger('warn', { write })
    // The test client is the proxy: what it forwards is believed.
    app = await startTestApp({ env: { TRUST_PROXY: '127.0.0.1' }, log })
    operator = operatorClient(app.url, await app.createOperatorToken())
  })

  after(() => app.stop())

  beforeEach(async () => {
    tenant = await app.createOrganization()
    logged = ''
  })

  const place = () => `/organizations/${tenant.slug}/connections/${tenant.connectionId}`
  const configure = (settings: object) => operator('PATCH', place(), settings)
  const scim = () => scimClient(tenant.baseUrl, tenant.token)
  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  const person = (userName: string) => ({ schemas: [coreUser], userName })

  describe('work from allowed addresses only', () => {
    it('and from anywhere as long as none is named', async () => {
      assert.deepEqual((await operator('GET', `/organizations/${tenant.slug}/connections`)).body.items[0].allowedFrom, [])
      for (const ip of ['203.0.113.9', '2001:db8::1', '::ffff:203.0.113.9']) {
        assert.equal((await scim().get('/Users', from(ip))).status, 200)
      }
    })

    it('from the next request on, IPv4 and IPv6, mapped or not', async () => {
      const allowedFrom = ['198.51.100.0/24', '2001:db8:40::/48']
      assert.deepEqual((await configure({ allowedFrom })).body.allowedFrom, allowedFrom)
      for (const ip of ['198.51.100.77', '::ffff:198.51.100.77', '2001:db8:40::5']) {
        assert.equal((await scim().get('/Users', from(ip))).status, 200, ip)
      }
      for (const ip of ['198.51.101.77', '::ffff:198.51.101.77', '2001:db8:41::5']) {
        assert.equal((await scim().get('/Users', from(ip))).status, 403, ip)
      }
      await configure({ allowedFrom: [] })
      assert.equal((await scim().get('/Users', from('203.0.113.9'))).status, 200)
    })

    it('and elsewhere are told so with 403, not that the token is wrong, whatever they ask', async () => {
      await configure({ allowedFrom: ['198.51.100.0/24'] })
      const answers = [
        await scim().get('/Users', from('203.0.113.9')),
        await scim().get('/ServiceProviderConfig', from('203.0.113.9')),
        await scim().post('/Users', person('ada'), from('203.0.113.9')),
        await scim().get('/Nothing', from('203.0.113.9')),
      ]
      for (const { status, headers, body } of answers) {
        assert.deepEqual([status, body.schemas, body.status], [403, [errorSchema], '403'])
        assert.match(body.detail, /not to be used from 203\.0\.113\.9/)
        assert.equal(headers.get('www-authenticate'), null)
      }
      assert.equal((await scim().get('/Users', from('198.51.100.1'))).body.totalResults, 0)
    })

    it('and a call from elsewhere is logged with connection and address, and costs the connection nothing', async () => {
      await configure({ allowedFrom: ['198.51.100.0/24'] })
      await scim().get('/Users', from('203.0.113.9'))
      const line = JSON.parse(logged.trim().split('\n').at(-1) ?? '{}')
      assert.deepEqual([line.ip, line.connection], ['203.0.113.9', tenant.connectionId])
      assert.equal(logged.includes(tenant.token), false)
      assert.deepEqual(await app.core.db('connection_budgets').where({ org_id: tenant.orgId }), [])
    })

    it('by the address of the caller, not by what a caller says of itself', async () => {
      const direct = await startTestApp()
      try {
        await configure({ allowedFrom: ['198.51.100.0/24'] })
        const there = scimClient(tenant.baseUrl.replace(app.url, direct.url), tenant.token)
        assert.equal((await there.get('/Users', from('198.51.100.1'))).status, 403)
        await configure({ allowedFrom: ['127.0.0.0/8'] })
        assert.equal((await there.get('/Users', from('203.0.113.9'))).status, 200)
      } finally {
        await direct.stop()
      }
    })

    it('which holds for OAuth clients too', async () => {
      const { client, secret } = await app.core.journal.change(anyAuthority(tenant.orgId), (c) =>
        createClient(c, tenant.connectionId, { name: 'entra', scopes: tokenScopes }),
      )
      await configure({ allowedFrom: ['198.51.100.0/24'] })
      const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret }
      const ask = (ip: string) =>
        fetch(`${app.url}/oauth/${tenant.slug}/token`, { method: 'POST', headers: from(ip), body: new URLSearchParams(form) })
      const refused = await ask('203.0.113.9')
      assert.deepEqual([refused.status, ((await refused.json()) as { error: string }).error], [403, 'unauthorized_client'])
      const { access_token: token } = (await (await ask('198.51.100.1')).json()) as { access_token: string }
      const client2 = scimClient(tenant.baseUrl, token)
      assert.equal((await client2.get('/Users', from('198.51.100.1'))).status, 200)
      assert.equal((await client2.get('/Users', from('203.0.113.9'))).status, 403)
    })

    it('and what is no address is refused when it is set', async () => {
      for (const range of ['everywhere', '10.0.0.0/40', '10.0.0']) {
        assert.equal((await configure({ allowedFrom: [range] })).status, 400, range)
      }
      assert.equal((await configure({ requestsPerSecond: 24 })).status, 400)
      assert.equal((await configure({ colour: 'red' })).status, 400)
    })
  })

  describe('are moved from one token to the next without a gap', () => {
    it('SEC-SCIM-2 as Entra is: both work side by side while the provider is switched over, then the old one ends', async () => {
      const rotated = await operator('POST', `${place()}/tokens/${tenant.tokenId}/rotate`, { overlapHours: 24 })
      assert.equal(rotated.status, 201)
      const [old, next] = [scim(), scimClient(tenant.baseUrl, rotated.body.secret)]
      const group = await old.post('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Sales' })
      // Entra's cycle still runs with the old token while "Test connection" tries the new one.
      const [created, probed] = await Promise.all([
        old.post('/Users', person('ada')),
        next.get(`/Users?filter=${encodeURIComponent('userName eq "6e2f2b6e-nobody"')}`),
      ])
      assert.deepEqual([created.status, probed.status, probed.body.totalResults], [201, 200, 0])
      const add = { op: 'Add', path: 'members', value: [{ value: created.body.id }] }
      assert.ok((await next.patch(`/Groups/${group.body.id}`, [add])).status < 300)
      assert.equal((await old.get(`/Groups/${group.body.id}`)).body.members.length, 1)
      assert.equal((await operator('POST', `${place()}/tokens/${tenant.tokenId}/revoke`)).body.state, 'revoked')
      assert.deepEqual([(await old.get('/Users')).status, (await next.get('/Users')).status], [401, 200])
    })

    it('and show in the list how long the old one has', async () => {
      await operator('POST', `${place()}/tokens/${tenant.tokenId}/rotate`, { overlapHours: 24 })
      const { items } = (await operator('GET', `${place()}/tokens`)).body
      assert.deepEqual(
        items.map(({ state, daysLeft }: { state: string; daysLeft: number | null }) => [state, daysLeft]),
        [
          ['live', 0],
          ['live', null],
        ],
      )
    })
  })
})
