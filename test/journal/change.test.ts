import assert from 'node:assert/strict'
import { type Authority, createJournal, type Journal } from '../../src/journal/index.js'
import { systemClock } from '../../src/platform/clock.js'
import { newId } from '../../src/platform/ids.js'
import { anyAuthority } from '../support/authority.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

const event = (id: string) => ({ event: 'user.updated', target: { type: 'user', id } }) as const

describe('journal.change', () => {
  let database: TestDatabase
  let journal: Journal
  let by: Authority

  before(async () => {
    database = await testDatabase()
    journal = createJournal({
      db: database.db,
      clock: systemClock,
      newId,
      subscriptions: [{ subscriber: 'watcher', events: ['user.deleted'] }],
      explainConstraint: (error) => error,
    })
  })

  beforeEach(async () => {
    by = anyAuthority()
    await journal.change(by, async (c) => c.startJournal())
  })

  const rows = (table: string) => database.db(table).where({ org_id: by.orgId }).orderBy('seq')

  it('gives events the order of their commits, without gaps', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => journal.change(by, async (c) => c.record(event(String(i))))))
    await journal.change(by, async (c) => {
      c.record(event('a'))
      c.record(event('b'))
    })
    const written = await rows('audit_events')
    assert.deepEqual(
      written.map((row) => row.seq),
      Array.from({ length: 14 }, (_, i) => i + 1),
    )
    const instants = written.map((row) => row.at.getTime())
    assert.deepEqual(
      instants,
      [...instants].sort((a, b) => a - b),
    )
    assert.deepEqual(
      (await rows('changes')).map((row) => row.seq),
      [...Array.from({ length: 12 }, (_, i) => i + 1), 14],
    )
  })

  it('writes an outbox row for an event that has a subscriber, and none for another', async () => {
    await journal.change(by, async (c) => {
      c.record(event('a'))
      c.record({ event: 'user.deleted', target: { type: 'user', id: 'b' } })
    })
    const waiting = await rows('outbox')
    assert.deepEqual(
      waiting.map((row) => [row.subscriber, row.event, row.seq]),
      [['watcher', 'user.deleted', 2]],
    )
  })

  it('says who acted, through which door and connection, in which request, and what changed', async () => {
    await journal.change(by, async (c) => {
      c.record({ ...event('x'), changed: { title: { before: 'Clerk', after: 'Head' } } })
    })
    const [row] = await rows('audit_events')
    assert.deepEqual([row.actor_type, row.actor_id, row.door, row.request_id], ['system', 'test', 'system', 'test-request'])
    assert.deepEqual(row.changed, { title: { before: 'Clerk', after: 'Head' } })
  })

  it('keeps a long list as one event in chunks', async () => {
    const added = Array.from({ length: 2500 }, (_, i) => `user-${i}`)
    await journal.change(by, async (c) =>
      c.record({ event: 'group.members_changed', target: { type: 'group', id: 'g' }, list: { added, removed: ['gone'] } }),
    )
    const [row] = await rows('audit_events')
    const chunks = await database.db('audit_lists').where({ org_id: by.orgId, audit_event_id: row.id }).orderBy('chunk')
    assert.deepEqual(
      chunks.map((chunk) => chunk.added.length),
      [1000, 1000, 500],
    )
    assert.deepEqual(
      chunks.flatMap((chunk) => chunk.added),
      added,
    )
    assert.deepEqual(
      chunks.flatMap((chunk) => chunk.removed),
      ['gone'],
    )
  })

  it('leaves no row of any kind when the work fails after recording', async () => {
    const failing = journal.change(by, async (c) => {
      await c.trx('org_counters').where({ org_id: by.orgId }).update({ event_seq: 99 })
      c.record(event('a'))
      throw new Error('no')
    })
    await assert.rejects(failing, /^Error: no$/)
    const [counter] = await database.db('org_counters').where({ org_id: by.orgId })
    assert.equal(counter.event_seq, 0)
    assert.equal((await rows('audit_events')).length, 0)
  })

  it('journals nothing for a change that recorded nothing', async () => {
    await journal.change(by, async () => {})
    const [counter] = await database.db('org_counters').where({ org_id: by.orgId })
    assert.equal(counter.event_seq, 0)
  })

  it('refuses the pool inside a change instead of waiting for itself', async () => {
    await assert.rejects(
      journal.change(by, async () => {
        await database.db('users').select('id')
      }),
      /only its own transaction/,
    )
  })

  it('runs the whole work again after a deadlock or a serialization failure, and only then', async () => {
    let runs = 0
    await journal.change(by, async (c) => {
      runs++
      c.record(event(`run ${runs}`))
      if (runs < 3) throw Object.assign(new Error('could not serialize'), { code: '40001' })
    })
    assert.equal(runs, 3)
    assert.deepEqual(
      (await rows('audit_events')).map((row) => row.target_id),
      ['run 3'],
    )
    await assert.rejects(
      journal.change(by, async () => {
        runs++
        throw Object.assign(new Error('terminated'), { code: '57P01' })
      }),
      /terminated/,
    )
    assert.equal(runs, 4)
  })
})
