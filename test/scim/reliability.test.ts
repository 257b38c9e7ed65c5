import assert from 'node:assert/strict'
import pg from 'pg'
import { migrations } from '../../migrations/index.js'
import { loadConfig } from '../../src/platform/config.js'
import { migrate } from '../../src/platform/db/migrate.js'
import { type Database, openDatabase } from '../../src/platform/db/open.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { createPostgresDatabase } from '../support/database.js'
import { proxyTo } from '../support/proxy.js'
import { coreUser, errorSchema, type ScimAnswer } from '../support/scim-client.js'
import { type Tenant, tenantOf } from '../support/tenant.js'

/** Trouble with the database is told as 503 with Retry-After, never as a fault of the request, and ends when the trouble ends. */

describe('trouble with PostgreSQL', () => {
  let wire: Awaited<ReturnType<typeof proxyTo>>
  let drop: () => Promise<void>
  let database: Database
  let app: TestApp
  let tenant: Tenant
  /** A connection of somebody else, past the wire. */
  let outside: pg.Client
  let userId: string

  before(async function () {
    // The embedded database is a library in this process: it has no pool to exhaust, no backends to end and no wire to cut.
    if (!process.env.TEST_DATABASE_URL) return this.skip()
    const created = await createPostgresDatabase()
    drop = created.drop
    const url = new URL(created.url)
    wire = await proxyTo({ host: url.hostname, port: Number(url.port || 5432) })
    const through = new URL(created.url)
    through.hostname = '127.0.0.1'
    through.port = String(wire.port)
    const env = {
      DATABASE_URL: through.href,
      DATABASE_POOL_MAX: '2',
      DATABASE_ACQUIRE_TIMEOUT_MS: '1000',
      DATABASE_STATEMENT_TIMEOUT_MS: '1500',
    }
    database = await openDatabase(loadConfig(env))
    await migrate(database.db, migrations, created.url)
    app = await startTestApp({ database, env })
    tenant = tenantOf(app, await app.createOrganization())
    outside = new pg.Client({ connectionString: created.url })
    await outside.connect()
    userId = (await tenant.user('steady')).id
  })

  after(async () => {
    await outside?.end()
    await app?.stop()
    await database?.close()
    await wire?.cut()
    await drop?.()
  })

  const patch = () => tenant.scim.patch(`/Users/${userId}`, [{ op: 'replace', path: 'title', value: `t${made++}` }])
  let made = 0
  const mixed = (at: number): Promise<ScimAnswer> =>
    [
      () => tenant.scim.get(`/Users/${userId}`),
      () => tenant.scim.get('/Users?filter=userName+eq+%22steady%22'),
      () => tenant.scim.post('/Users', { schemas: [coreUser], userName: `new-${made++}` }),
      () => tenant.scim.put(`/Users/${userId}`, { schemas: [coreUser], userName: 'steady', title: `t${made++}` }),
      patch,
      () => tenant.scim.get('/Groups'),
      () => tenant.scim.get('/Schemas'),
      () => tenant.scim.delete('/Users/018f0000-0000-7000-8000-000000000000'),
    ][at % 8]?.() ?? patch()
  const many = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => mixed(at)))

  const isPutOff = (answer: ScimAnswer) => {
    assert.equal(answer.status, 503, answer.text)
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/)
    assert.equal(answer.headers.get('content-type'), 'application/scim+json')
    assert.deepEqual([answer.body.schemas, answer.body.status, answer.body.scimType], [[errorSchema], '503', undefined])
  }
  const works = async () => {
    // One after the other: how many at once a pool of two can serve in time is another question.
    const statuses = new Set<number>()
    for (let at = 0; at < 8; at++) statuses.add((await mixed(at)).status)
    assert.deepEqual([...statuses].sort(), [200, 201, 404])
  }
  /** Holds the user's row, as a long transaction of somebody else would. */
  const whileRowIsHeld = async (work: () => Promise<void>) => {
    await outside.query('begin')
    await outside.query('select from users where id = $1 for update', [userId])
    try {
      await work()
    } finally {
      await outside.query('rollback')
    }
  }
  /** Waits until a statement of the application waits for a lock. */
  const untilWaiting = async () => {
    for (;;) {
      const { rows } = await outside.query(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and application_name = 'gatehouse' and wait_event_type = 'Lock'`,
      )
      if (rows[0].n > 0) return
      await new Promise((next) => setTimeout(next, 10))
    }
  }
  const endBackends = () =>
    outside.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'gatehouse' and pid <> pg_backend_pid()`,
    )

  it('REL-8 an exhausted pool puts every request off, and serves again once a connection is free', async () => {
    const held = await Promise.all([database.db.transaction(), database.db.transaction()])
    try {
      for (const answer of await many(24)) isPutOff(answer)
    } finally {
      for (const transaction of held) await transaction.rollback()
    }
    await works()
  })

  it('REL-12 a statement that runs too long is put off, and leaves nothing behind', async () => {
    const before = (await tenant.scim.get(`/Users/${userId}`)).body
    await whileRowIsHeld(async () => {
      isPutOff(await patch())
      isPutOff(await tenant.scim.delete(`/Users/${userId}`))
    })
    assert.deepEqual((await tenant.scim.get(`/Users/${userId}`)).body, before)
    await works()
  })

  it('REL-7 ended backends put off what was in flight, and the next requests work', async () => {
    for (let round = 0; round < 3; round++) {
      const before = (await tenant.scim.get(`/Users/${userId}`)).body
      await whileRowIsHeld(async () => {
        const inFlight = patch()
        await untilWaiting()
        await endBackends()
        isPutOff(await inFlight)
      })
      assert.deepEqual((await tenant.scim.get(`/Users/${userId}`)).body, before)
      await works()
    }
  })

  it('REL-7 backends ended while they rest are noticed: nobody is told anything but 503', async () => {
    for (let round = 0; round < 5; round++) {
      await many(8)
      await endBackends()
      for (const answer of await many(8)) if (answer.status >= 400 && answer.status !== 404) isPutOff(answer)
      await works()
    }
  })

  it('REL-12 a database that is gone puts everything off, and needs no restart when it is back', async () => {
    const inFlight = many(8)
    await wire.cut()
    for (const answer of await inFlight) if (answer.status >= 400 && answer.status !== 404) isPutOff(answer)
    for (const answer of await many(8)) isPutOff(answer)
    await wire.mend()
    await works()
  })

  it('REL-12 a paused connection reads, and is told to come again with its changes', async () => {
    await database.db('connections').where({ org_id: tenant.orgId, id: tenant.connectionId }).update({ status: 'paused' })
    try {
      isPutOff(await patch())
      assert.equal((await tenant.scim.get(`/Users/${userId}`)).status, 200)
    } finally {
      await database.db('connections').where({ org_id: tenant.orgId, id: tenant.connectionId }).update({ status: 'active' })
    }
    await works()
  })
})
