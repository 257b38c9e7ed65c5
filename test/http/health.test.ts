import assert from 'node:assert/strict'
import request from 'supertest'
import { migrations } from '../../migrations/index.js'
import { healthPage } from '../../src/http/health.js'
import { loadConfig } from '../../src/platform/config.js'
import { migrate, schemaState } from '../../src/platform/db/migrate.js'
import { openDatabase } from '../../src/platform/db/open.js'
import { sharedTestApp, startTestApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { ownDatabase } from '../support/own-database.js'
import { proxyTo } from '../support/proxy.js'

const page = async (url: string, path: string) => {
  const reply = await fetch(url + path)
  const text = await reply.text()
  return { status: reply.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined }
}

describe('health', () => {
  it('is live and ready over a migrated database, and shows its measures', async () => {
    const { url } = await sharedTestApp()
    assert.deepEqual((await page(url, '/healthz/live')).body, { status: 'live' })
    assert.deepEqual((await page(url, '/healthz/ready')).body, { status: 'ready' })
    const { text } = await page(url, '/metrics')
    for (const name of [
      'gatehouse_http_requests_total',
      'gatehouse_http_request_duration_seconds_bucket',
      'gatehouse_database_connections_used',
      'gatehouse_outbox_lag_seconds 0',
      'process_cpu_seconds_total',
    ]) {
      assert.match(text, new RegExp(`^${name}`, 'm'))
    }
  })

  it('is served by GET and HEAD at its own paths only', async () => {
    const { app, url } = await sharedTestApp()
    await request(app.handler).head('/healthz/live').expect(200)
    await request(app.handler).post('/healthz/live').send('x').expect(405).expect('Allow', 'GET, HEAD')
    for (const path of ['/healthz', '/healthz/live/', '/Metrics']) assert.equal((await page(url, path)).status, 404, path)
  })

  const over = async (list: typeof migrations) => {
    const { db } = await testDatabase()
    const deps = {
      schemaState: () => schemaState(db, list),
      stopping: () => false,
      metrics: { contentType: '', render: async () => '' },
      log: { warn: () => {} },
    }
    return healthPage(deps, '/healthz/ready')?.()
  }

  it('is not ready while the schema lacks a migration, and says what to do', async () => {
    const reply = await over([...migrations, ['29990101_0000_later', { up: async () => {}, down: async () => {} }]])
    assert.equal(reply?.status, 503)
    assert.match(JSON.stringify(reply?.body), /gatehouse migrate/)
  })

  it('stays ready when a newer version has migrated already, as in a rolling update', async () => {
    const reply = await over(migrations.slice(0, -1))
    assert.equal(reply?.status, 200)
    assert.match(JSON.stringify(reply?.body), /newerMigrations/)
  })

  it('is not ready but lives when the database is gone', async () => {
    const own = await ownDatabase()
    const database = await openDatabase(loadConfig(own.env))
    await migrate(database.db, migrations, own.env.DATABASE_URL)
    const app = await startTestApp({ database })
    try {
      assert.equal((await page(app.url, '/healthz/ready')).status, 200)
      await database.close()
      const ready = await page(app.url, '/healthz/ready')
      assert.deepEqual([ready.status, ready.body.reason], [503, 'the database does not answer'])
      assert.equal((await page(app.url, '/healthz/live')).status, 200)
      assert.equal((await page(app.url, '/metrics')).status, 200)
    } finally {
      await app.stop()
      await own.remove()
    }
  })

  it('calls are told to come again while PostgreSQL is gone, and are answered when it is back', async function () {
    const { url } = await testDatabase()
    if (!url) return this.skip() // the embedded database is in this very process
    const direct = new URL(url)
    const wire = await proxyTo({ host: direct.hostname, port: Number(direct.port || 5432) })
    const through = new URL(url)
    through.hostname = '127.0.0.1'
    through.port = String(wire.port)
    const database = await openDatabase(loadConfig({ DATABASE_URL: through.href }))
    const app = await startTestApp({ database })
    try {
      const tenant = await app.createOrganization()
      const users = () => fetch(`${tenant.baseUrl}/Users`, { headers: { authorization: `Bearer ${tenant.token}` } })
      assert.equal((await users()).status, 200)
      await wire.cut()
      for (let call = 0; call < 3; call++) {
        const refused = await users()
        assert.equal(refused.status, 503)
        assert.match(refused.headers.get('retry-after') ?? '', /^[0-9]+$/)
      }
      assert.equal((await page(app.url, '/healthz/ready')).status, 503)
      assert.equal((await page(app.url, '/healthz/live')).status, 200)
      await wire.mend()
      assert.equal((await users()).status, 200)
      assert.equal((await page(app.url, '/healthz/ready')).status, 200)
    } finally {
      await app.stop()
      await database.close()
      await wire.cut()
    }
  })

  it('a call that gets no connection in time is told to come again', async function () {
    const { url } = await testDatabase()
    if (!url) return this.skip() // the embedded database has one connection and queues for it
    const env = { DATABASE_URL: url, DATABASE_POOL_MAX: '1', DATABASE_ACQUIRE_TIMEOUT_MS: '50' }
    const database = await openDatabase(loadConfig(env))
    const app = await startTestApp({ database })
    try {
      const tenant = await app.createOrganization()
      const users = () => fetch(`${tenant.baseUrl}/Users`, { headers: { authorization: `Bearer ${tenant.token}` } })
      await database.db.transaction(async () => {
        const refused = await users()
        assert.deepEqual([refused.status, refused.headers.get('retry-after') === null], [503, false])
      })
      assert.equal((await users()).status, 200)
    } finally {
      await app.stop()
      await database.close()
    }
  })

  it('calls are answered again after every connection was terminated, and the process lives', async function () {
    if (!(await testDatabase()).url) return this.skip() // PostgreSQL alone can terminate connections
    const own = await ownDatabase()
    const config = loadConfig(own.env)
    const [database, other] = [await openDatabase(config), await openDatabase(config)]
    await migrate(database.db, migrations, own.env.DATABASE_URL)
    const app = await startTestApp({ database })
    try {
      const tenant = await app.createOrganization()
      const users = () => fetch(`${tenant.baseUrl}/Users`, { headers: { authorization: `Bearer ${tenant.token}` } })
      await Promise.all(Array.from({ length: 5 }, users))
      await other.db.raw(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      const statuses = (await Promise.all(Array.from({ length: 5 }, users))).map((reply) => reply.status)
      assert.ok(
        statuses.every((status) => status === 200 || status === 503),
        statuses.join(),
      )
      assert.equal((await users()).status, 200)
    } finally {
      await app.stop()
      await database.close()
      await other.close()
      await own.remove()
    }
  })
})
