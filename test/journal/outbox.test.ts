import assert from 'node:assert/strict'
import {
  type Authority,
  createJournal,
  deliverDue,
  type Journal,
  outboxLag,
  type Subscriber,
  startOutbox,
} from '../../src/journal/index.js'
import { systemClock } from '../../src/platform/clock.js'
import { newId } from '../../src/platform/ids.js'
import { createLogger } from '../../src/platform/log.js'
import { anyAuthority } from '../support/authority.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

type Delivery = Parameters<Subscriber['handle']>[0]

describe('the outbox', () => {
  const log = createLogger('silent')
  let database: TestDatabase
  let journal: Journal
  let by: Authority

  before(async () => {
    database = await testDatabase()
    const subscriptions = [{ subscriber: 'mailer', events: ['user.created', 'user.deleted'] }] as const
    journal = createJournal({ db: database.db, clock: systemClock, newId, subscriptions, explainConstraint: (error) => error })
  })

  beforeEach(async () => {
    by = anyAuthority()
    await journal.change(by, async (c) => c.startJournal())
  })

  const happen = (...names: ('user.created' | 'user.deleted' | 'user.updated')[]) =>
    journal.change(by, async (c) => {
      for (const event of names) c.record({ event, target: { type: 'user', id: event } })
    })
  const rows = () => database.db('outbox').where({ org_id: by.orgId }).orderBy('seq')
  /** One round of a worker; keeps what concerns this test's organization and fails where told. */
  const round = async (fails: (delivery: Delivery) => boolean = () => false): Promise<Delivery[]> => {
    const seen: Delivery[] = []
    const handle = async (delivery: Delivery) => {
      if (delivery.orgId !== by.orgId) return
      seen.push(delivery)
      if (fails(delivery)) throw new Error('the mail server is away')
    }
    await deliverDue({
      db: database.db,
      log,
      subscribers: [{ subscriber: 'mailer', events: ['user.created', 'user.deleted'], handle }],
    })
    return seen
  }
  const makeDue = (change: object = {}) =>
    database
      .db('outbox')
      .where({ org_id: by.orgId })
      .update({ due_at: new Date(0), ...change })

  it('hands each committed event to its subscriber and forgets it then', async () => {
    await happen('user.created', 'user.updated', 'user.deleted')
    const seen = await round()
    assert.deepEqual(seen.map((delivery) => [delivery.event, delivery.seq]).sort(), [
      ['user.created', 1],
      ['user.deleted', 3],
    ])
    assert.deepEqual(await rows(), [])
    assert.deepEqual(await round(), [])
  })

  it('tries again what failed, later, under the same id', async () => {
    await happen('user.created')
    const [first] = await round(() => true)
    assert.deepEqual(await round(), [], 'it is not due yet')
    const [row] = await rows()
    assert.deepEqual([row.attempts, row.last_error, row.parked_at], [1, 'the mail server is away', null])
    await makeDue()
    const [second] = await round()
    assert.equal(second?.id, first?.id)
    assert.deepEqual(await rows(), [])
  })

  it('parks what keeps failing, so that it is looked at and not repeated for ever', async () => {
    await happen('user.created')
    await makeDue({ attempts: 11 })
    assert.equal((await round(() => true)).length, 1)
    assert.notEqual((await rows())[0].parked_at, null)
    await makeDue()
    assert.deepEqual(await round(), [])
  })

  it('leaves alone what another worker has leased, until the lease of a dead one ends', async () => {
    await happen('user.created')
    await makeDue({ leased_until: new Date(Date.parse('2999-01-01')) })
    assert.deepEqual(await round(), [])
    await makeDue({ leased_until: new Date(0) })
    assert.equal((await round()).length, 1)
  })

  it('gives each event to one of several workers', async () => {
    await happen(...Array.from({ length: 20 }, () => 'user.created' as const))
    const seen = (await Promise.all([round(), round(), round()])).flat()
    assert.equal(new Set(seen.map((delivery) => delivery.id)).size, 20)
    assert.equal(seen.length, 20)
  })

  it('says how long the oldest event waits', async () => {
    await happen('user.created')
    await makeDue({ due_at: new Date(systemClock().getTime() - 90_000) })
    assert.ok((await outboxLag(database.db)) >= 89)
    await round()
  })

  it('delivers in the background until it is stopped', async () => {
    let delivered: () => void = () => {}
    const arrival = new Promise<void>((done) => {
      delivered = done
    })
    const handle = async (delivery: Delivery) => void (delivery.orgId === by.orgId && delivered())
    const worker = startOutbox(
      { db: database.db, log, subscribers: [{ subscriber: 'mailer', events: ['user.created'], handle }] },
      10,
    )
    await happen('user.created')
    await arrival
    await worker.stop()
    await happen('user.created')
    assert.equal((await rows()).length, 1)
    await round()
  })
})
