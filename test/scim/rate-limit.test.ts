import assert from 'node:assert/strict'
import { loadConfig } from '../../src/platform/config.js'
import { type Database, openDatabase } from '../../src/platform/db/open.js'
import { startTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { coreUser, errorSchema, type ScimAnswer, scimClient } from '../support/scim-client.js'

const isRefusal = (answer: ScimAnswer) => answer.status === 429 || answer.status === 503

const assertComeAgain = (answer: ScimAnswer) => {
  assert.ok(isRefusal(answer), `${answer.status} ${answer.text}`)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/)
  assert.equal(answer.headers.get('content-type'), 'application/scim+json')
  assert.deepEqual([answer.body.schemas, answer.body.status], [[errorSchema], String(answer.status)])
  assert.match(answer.body.detail, /again/)
}

const person = (userName: string) => ({ schemas: [coreUser], userName })

/** Uses up what a connection may send at once: at 25 a second, 500. */
async function useUp(app: TestApp, tenant: TestTenant, requests = 500) {
  const past = app.core.db.raw('now()')
  const row = { org_id: tenant.orgId, connection_id: tenant.connectionId, granted: 0, refilled_at: past }
  const tokens = 500 - requests
  await app.core
    .db('connection_budgets')
    .insert({ ...row, tokens })
    .onConflict(['org_id', 'connection_id'])
    .merge()
}

describe('the SCIM door under load', () => {
  describe('limits each connection', () => {
    let app: TestApp
    let tenant: TestTenant

    before(async () => {
      app = await startTestApp({ env: { SCIM_REQUESTS_PER_SECOND: '25' } })
    })

    after(() => app.stop())

    beforeEach(async () => {
      tenant = await app.createOrganization()
    })

    const clientOf = ({ baseUrl, token }: TestTenant) => scimClient(baseUrl, token)

    it('with 429, whole seconds in Retry-After and a SCIM error, whatever is asked', async () => {
      await useUp(app, tenant, 600)
      const scim = clientOf(tenant)
      for (const answer of [
        await scim.get('/Users'),
        await scim.post('/Users', person('ada')),
        await scim.get('/ServiceProviderConfig'),
        await scim.get('/Nothing'),
      ]) {
        assert.equal(answer.status, 429)
        assertComeAgain(answer)
        assert.match(answer.body.detail, /25 requests a second/)
      }
    })

    it('and nobody with it: another connection of the same organization goes on', async () => {
      const other = await app.createConnection(tenant)
      await useUp(app, tenant, 480)
      for (let sent = 0; sent < 20; sent++) assert.equal((await clientOf(tenant).get('/ServiceProviderConfig')).status, 200)
      await useUp(app, tenant, 600)
      // What the process had drawn already may still be spent.
      for (let sent = 0; sent < 30; sent++) await clientOf(tenant).get('/ServiceProviderConfig')
      assert.equal((await clientOf(tenant).get('/Users')).status, 429)
      assert.equal((await clientOf(other).get('/Users')).status, 200)
    })

    it('over all processes together', async () => {
      const second = await startTestApp({ env: { SCIM_REQUESTS_PER_SECOND: '25' } })
      try {
        await useUp(app, tenant, 600)
        assert.equal((await clientOf(tenant).get('/Users')).status, 429)
        const there = scimClient(tenant.baseUrl.replace(app.url, second.url), tenant.token)
        assert.equal((await there.get('/Users')).status, 429)
      } finally {
        await second.stop()
      }
    })

    it('by its own figure, from the next draw on', async () => {
      const patch = { requests_per_second: 100_000 }
      await useUp(app, tenant, 600)
      await app.core.db('connections').where({ org_id: tenant.orgId, id: tenant.connectionId }).update(patch)
      await new Promise((next) => setTimeout(next, 10))
      assert.equal((await clientOf(tenant).get('/Users')).status, 200)
    })

    it('and counts each operation of a bulk request', async () => {
      const scim = clientOf(tenant)
      const Operations = Array.from({ length: 700 }, () => ({ method: 'DELETE', path: '/Users/nobody' }))
      const bulk = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], failOnErrors: 1, Operations }
      const answer = await scim.post('/Bulk', bulk)
      assert.equal(answer.status, 200, answer.text)
      const next = await scim.get('/Users')
      assert.equal(next.status, 429)
      assertComeAgain(next)
    })

    it('without asking the database at each request', async () => {
      const scim = clientOf(tenant)
      let draws = 0
      const listen = ({ sql }: { sql: string }) => {
        if (sql.includes('connection_budgets')) draws++
      }
      app.core.db.on('query', listen)
      for (let sent = 0; sent < 60; sent++) assert.equal((await scim.get('/ServiceProviderConfig')).status, 200)
      app.core.db.removeListener('query', listen)
      assert.ok(draws <= 6, String(draws))
    })
  })

  describe('lets no organization take the whole server', () => {
    let shared: TestDatabase
    let database: Database
    let app: TestApp

    before(async function () {
      shared = await testDatabase()
      // The embedded database does one thing at a time; who comes next there is in test/http/turns.test.ts.
      if (!shared.url) return this.skip()
      database = await openDatabase(loadConfig({ DATABASE_URL: shared.url, DATABASE_POOL_MAX: '2' }))
      app = await startTestApp({ database })
    })

    after(async () => {
      await app?.stop()
      await database?.close()
    })

    it('REL-8 500 requests of one at once, stuck in the database, get 201 or 503, and those of another all get 201 meanwhile', async () => {
      const [noisy, quiet] = [await app.createOrganization(), await app.createOrganization()]
      const loud = scimClient(noisy.baseUrl, noisy.token)
      const calm = scimClient(quiet.baseUrl, quiet.token)
      const heard: number[] = []
      let noise: Promise<ScimAnswer[]> = Promise.resolve([])
      await shared.db.transaction(async (trx) => {
        await trx.raw('select 1 from org_counters where org_id = ? for update', [noisy.orgId])
        noise = Promise.all(Array.from({ length: 500 }, (_, i) => loud.post('/Users', person(`n${i}`))))
        for (let sent = 0; sent < 10; sent++) heard.push((await calm.post('/Users', person(`q${sent}`))).status)
      })
      assert.deepEqual(heard, Array(10).fill(201))
      const answers = await noise
      const refused = answers.filter(({ status }) => status !== 201)
      assert.ok(refused.length > 0 && refused.length < 500, String(refused.length))
      for (const answer of refused) assertComeAgain(answer)
    })

    it('REL-8 and what was sent away can be sent again', async () => {
      const tenant = await app.createOrganization()
      const scim = scimClient(tenant.baseUrl, tenant.token)
      let waiting = Array.from({ length: 250 }, (_, i) => `u${i}`)
      for (let round = 0; round < 50 && waiting.length > 0; round++) {
        const answers = await Promise.all(waiting.map((userName) => scim.post('/Users', person(userName))))
        waiting = waiting.filter((_, i) => isRefusal(answers[i] ?? assert.fail()))
      }
      assert.deepEqual(waiting, [])
      assert.equal((await scim.get('/Users?count=0')).body.totalResults, 250)
    })
  })
})
