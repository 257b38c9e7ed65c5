import assert from 'node:assert/strict'
import { createLimits, type Limited, type Limits } from '../../src/connections/index.js'
import { AppError } from '../../src/platform/errors.js'
import { sharedTestApp, type TestApp } from '../support/app.js'

describe('the limit of a connection', () => {
  let app: TestApp
  let connection: Limited
  let queries: number
  let now: number

  const limitsOf = (perSecond = 50): Limits => createLimits({ db: app.core.db, clock: () => new Date(now), perSecond })

  const countQueries = ({ sql }: { sql: string }) => {
    if (sql.includes('connection_budgets')) queries++
  }

  before(async () => {
    app = await sharedTestApp()
    app.core.db.on('query', countQueries)
  })

  after(() => {
    app.core.db.removeListener('query', countQueries)
  })

  beforeEach(async () => {
    const { orgId, connectionId } = await app.createOrganization()
    connection = { orgId, id: connectionId, requestsPerSecond: undefined }
    queries = 0
    now = Date.now()
  })

  /** Moves the budget into the past as the database sees it, so that `seconds` more have come in. */
  const refill = async (seconds: number) => {
    const { db } = app.core
    const past = db.raw("refilled_at - ? * interval '1 second'", [seconds])
    await db('connection_budgets').where({ org_id: connection.orgId }).update({ refilled_at: past })
    now += seconds * 1000
  }

  /** How many of `requests` are admitted, one after another; the first refusal is kept. */
  const send = async (limits: Limits, requests: number) => {
    let admitted = 0
    let refusal: AppError | undefined
    for (let sent = 0; sent < requests; sent++) {
      await limits.admit(connection).then(
        () => admitted++,
        (error) => {
          assert.ok(error instanceof AppError)
          refusal ??= error
        },
      )
    }
    return { admitted, refusal }
  }

  it('lets twenty seconds of the rate through at once and answers the rest with 429 and whole seconds', async () => {
    const { admitted, refusal } = await send(limitsOf(), 2000)
    // What comes in while this runs is admitted too.
    assert.ok(admitted >= 1000 && admitted < 2000, String(admitted))
    assert.deepEqual([refusal?.kind, refusal?.code], ['too_many', 'too_many_requests'])
    assert.match(refusal?.headers['Retry-After'] ?? '', /^[1-9][0-9]*$/)
  })

  it('never refuses 25 requests a second, from however many processes and however unevenly they come', async () => {
    const processes = Array.from({ length: 12 }, () => limitsOf())
    for (const limits of processes) await send(limits, 100)
    await refill(1)
    for (let second = 0; second < 30; second++) {
      const sent = await Promise.all(processes.map((limits, index) => send(limits, index === second % 12 ? 14 : 1)))
      assert.equal(
        sent.reduce((sum, { admitted }) => sum + admitted, 0),
        25,
        `second ${second}`,
      )
      await refill(1)
    }
  })

  it('holds over all processes together: what one drew is gone for the others', async () => {
    const processes = [limitsOf(), limitsOf(), limitsOf()]
    const sent = await Promise.all(processes.map((limits) => send(limits, 800)))
    const admitted = sent.reduce((sum, part) => sum + part.admitted, 0)
    assert.ok(admitted >= 1000 && admitted < 2400, String(admitted))
  })

  it('costs most requests no query', async () => {
    await send(limitsOf(), 500)
    assert.ok(queries <= 60, `${queries} queries for 500 requests`)
  })

  it('costs requests that come side by side one query together, and refused ones none', async () => {
    const limits = limitsOf()
    await Promise.all(Array.from({ length: 300 }, () => limits.admit(connection)))
    assert.ok(queries <= 3, String(queries))
    await limits.charge(connection, 5000)
    await send(limits, 100)
    const before = queries
    assert.equal((await send(limits, 50)).admitted, 0)
    assert.equal(queries, before)
  })

  it('counts work that cannot be divided in full, and lets what follows wait for it', async () => {
    const limits = limitsOf()
    await limits.admit(connection)
    await limits.charge(connection, 1500)
    const { admitted, refusal } = await send(limits, 1)
    assert.equal(admitted, 0)
    const wait = Number(refusal?.headers['Retry-After'])
    assert.ok(wait >= 9 && wait <= 11, String(wait))
    await refill(wait + 1)
    assert.equal((await send(limits, 1)).admitted, 1)
  })

  it('is the connection’s own where it has one', async () => {
    connection = { ...connection, requestsPerSecond: 25 }
    const { admitted } = await send(limitsOf(), 900)
    assert.ok(admitted >= 500 && admitted < 900, String(admitted))
  })

  it('of one connection is nobody else’s', async () => {
    const limits = limitsOf()
    await limits.charge(connection, 5000)
    const { orgId, connectionId } = await app.createOrganization()
    await limits.admit({ orgId, id: connectionId, requestsPerSecond: undefined })
    await assert.rejects(limits.admit(connection), { kind: 'too_many' })
  })

  it('is no longer believed to be used up when the clock was set back', async () => {
    const limits = limitsOf()
    await limits.charge(connection, 2000)
    await assert.rejects(limits.admit(connection), { kind: 'too_many' })
    await refill(60)
    now -= 3_600_000
    await limits.admit(connection)
  })
})
