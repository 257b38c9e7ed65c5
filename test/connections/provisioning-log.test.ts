import assert from 'node:assert/strict'
import { findCall, type NewCall, newestCalls, purgeProvisioningLog, startProvisioningLog } from '../../src/connections/index.js'
import type { Scope } from '../../src/directory/index.js'
import { systemClock } from '../../src/platform/clock.js'
import { firstIdAt, newId } from '../../src/platform/ids.js'
import { createLogger } from '../../src/platform/log.js'
import { mintToken, type PresentedToken, readToken } from '../../src/platform/secrets.js'
import { openWorkbench } from '../support/directory.js'

/** The provisioning log as rows: written in batches, counted when lost, forgotten in time. */

const log = createLogger('silent')
const dayMs = 24 * 60 * 60 * 1000

const call = (rest: Partial<NewCall> = {}): NewCall => ({
  id: newId(),
  at: systemClock(),
  requestId: 'r-1',
  method: 'PATCH',
  route: 'scim.users.patch',
  path: '/Users/x',
  connectionId: null,
  tokenId: null,
  target: null,
  status: 200,
  scimType: null,
  ms: 1.5,
  profile: 'generic',
  userAgent: null,
  line: 'disabled ada',
  request: null,
  understood: null,
  response: null,
  changes: [],
  events: 0,
  ...rest,
})

describe('the provisioning log', () => {
  let bench: Awaited<ReturnType<typeof openWorkbench>>
  let scope: Scope
  let slug: string

  before(async () => {
    bench = await openWorkbench()
  })

  beforeEach(async () => {
    scope = await bench.newScope()
    const [row] = await bench.database.db('organization_slugs').where({ org_id: scope.orgId }).select<{ slug: string }[]>('slug')
    slug = row?.slug ?? ''
  })

  const open = () => startProvisioningLog({ db: bench.database.db, log })
  const linesOf = async (orgId = scope.orgId) =>
    (await newestCalls(bench.database.db, [orgId], { limit: 1000 })).map(({ line }) => line).reverse()

  it('has every call that was noted once it is flushed, with bodies as they were given', async () => {
    const writer = open()
    const request = { body: { z: 1, a: ['ä', null, { deep: true }] } }
    const full = call({
      target: { type: 'User', id: 'u', name: 'ada' },
      request,
      understood: { document: {} },
      response: { status: '400' },
    })
    writer.note(scope.orgId, full, 10)
    await writer.flush()
    const found = await findCall(bench.database.db, [scope.orgId], full.id)
    const { changes: _, events: __, ...rest } = full
    assert.deepEqual(found, { ...rest, orgId: scope.orgId, events: [] })
    assert.equal(JSON.stringify(found?.request), JSON.stringify(request))
    assert.deepEqual(writer.state(), { waiting: 0, lostCalls: 0, droppedBodies: 0 })
  })

  it('is written for each organization by a statement of its own, however many calls there are', async () => {
    const other = await bench.newScope()
    const statements: string[] = []
    const listen = ({ sql }: { sql: string }) => void (/^\s*insert into provisioning_log/.test(sql) && statements.push(sql))
    const writer = open()
    for (let at = 0; at < 150; at++) writer.note(at % 2 ? scope.orgId : other.orgId, call({ line: `call ${at}` }), 0)
    bench.database.db.on('query', listen)
    try {
      await writer.flush()
    } finally {
      bench.database.db.removeListener('query', listen)
    }
    assert.equal(statements.length, 2)
    assert.equal((await linesOf()).length, 75)
    assert.ok((await linesOf(other.orgId)).every((line) => Number(line.slice(5)) % 2 === 0))
  })

  it('is written without being told to, and what still waits when it is stopped', async () => {
    const writer = open()
    for (let at = 0; at < 200; at++) writer.note(scope.orgId, call(), 0)
    writer.note(scope.orgId, call({ line: 'the last one' }), 0)
    await writer.stop()
    assert.equal((await linesOf()).at(-1), 'the last one')
  })

  it('loses a call that the database does not take, counts it, and keeps the others of its batch', async () => {
    const writer = open()
    writer.note(scope.orgId, call({ line: 'before' }), 0)
    writer.note(scope.orgId, call({ line: 'a NUL: \0' }), 0)
    writer.note(scope.orgId, call({ line: 'after' }), 0)
    await writer.flush()
    assert.deepEqual(await linesOf(), ['before', 'after'])
    assert.equal(writer.state().lostCalls, 1)
  })

  it('loses the calls of an organization that does not exist, and those of no other', async () => {
    const writer = open()
    writer.note(newId(), call(), 0)
    writer.note(scope.orgId, call({ line: 'ours' }), 0)
    await writer.flush()
    assert.deepEqual(await linesOf(), ['ours'])
    assert.equal(writer.state().lostCalls, 1)
  })

  it('counts what it loses when there is no database, and goes on when there is one again', async () => {
    let down = true
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const { db } = bench.database
    const client = new Proxy(db.client, {
      get: (target, name) => {
        if (name === 'acquireConnection' && down) return () => Promise.reject(refused)
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const unreachable = new Proxy(db, { get: (target, name) => (name === 'client' ? client : Reflect.get(target, name)) })
    const writer = startProvisioningLog({ db: unreachable, log })
    for (let at = 0; at < 3; at++) writer.note(scope.orgId, call(), 0)
    await writer.flush()
    assert.deepEqual(writer.state(), { waiting: 0, lostCalls: 3, droppedBodies: 0 })
    down = false
    writer.note(scope.orgId, call({ line: 'back' }), 0)
    await writer.flush()
    assert.deepEqual(await linesOf(), ['back'])
  })

  describe('of calls by nobody known', () => {
    const minted = (prefix: string, orgId: string) => readToken(mintToken(prefix, orgId).token) as PresentedToken
    const strangers: readonly (readonly [what: string, presented: () => PresentedToken | 'none' | 'malformed', line: string])[] =
      [
        ['no token', () => 'none', 'refused: no bearer token was sent'],
        ['no token of ours', () => 'malformed', 'refused: what was sent as bearer token is none of this server, or mistyped'],
        [
          'a token of another kind',
          () => minted('gho', scope.orgId),
          'refused: the token is of another kind and opens nothing here',
        ],
        ['a foreign token', () => minted('ghs', newId()), 'refused: the token belongs to another organization than the address'],
        ['an unknown token', () => minted('ghs', scope.orgId), 'refused: the token is unknown'],
      ]
    for (const [what, presented, line] of strangers) {
      it(`says that ${what} was sent`, async () => {
        const writer = open()
        writer.noteStranger({ slug, presented: presented(), call: call({ status: 401 }) })
        await writer.flush()
        assert.deepEqual(await linesOf(), [line])
      })
    }

    it('gives no reason of its own where the caller could not be looked up', async () => {
      const writer = open()
      writer.noteStranger({ slug, presented: 'none', call: call({ status: 503, line: 'could not answer GET /Users' }) })
      await writer.flush()
      assert.deepEqual(await linesOf(), ['could not answer GET /Users'])
    })

    it('has none of an address that names no organization, and calls them no loss', async () => {
      const writer = open()
      writer.noteStranger({ slug: `nobody-${newId()}`, presented: 'none', call: call({ status: 401 }) })
      await writer.flush()
      assert.equal(writer.state().lostCalls, 0)
    })

    it('keeps a few of a flood and counts the rest', async () => {
      const writer = open()
      for (let at = 0; at < 500; at++) writer.noteStranger({ slug, presented: 'none', call: call({ status: 401 }) })
      await writer.flush()
      const kept = (await linesOf()).length
      assert.ok(kept > 0 && kept <= 60, `${kept} kept`)
      assert.equal(writer.state().lostCalls, 500 - kept)
    })
  })

  it('forgets what is older than it is to be kept, in chunks, and nothing else', async () => {
    const now = systemClock().getTime()
    const idAt = (daysAgo: number, n: number) =>
      firstIdAt(new Date(now - daysAgo * dayMs)).slice(0, -8) + String(n).padStart(8, '0')
    const writer = open()
    for (let n = 0; n < 2300; n++) writer.note(scope.orgId, call({ id: idAt(31, n), line: 'old' }), 0)
    for (let n = 0; n < 3; n++) writer.note(scope.orgId, call({ id: idAt(29, n), line: 'young' }), 0)
    await writer.flush()
    const forgotten = await purgeProvisioningLog({ db: bench.database.db, clock: systemClock, days: 30 })
    assert.ok(forgotten >= 2300)
    assert.deepEqual(await linesOf(), ['young', 'young', 'young'])
  })

  it('is asked for failures, for a connection, and from an id on', async () => {
    const writer = open()
    const [first, second] = [newId(), newId()]
    writer.note(scope.orgId, call({ line: 'fine', connectionId: first }), 0)
    writer.note(scope.orgId, call({ line: 'refused', status: 409, connectionId: second }), 0)
    const third = call({ line: 'late', status: 500, connectionId: first })
    writer.note(scope.orgId, third, 0)
    await writer.flush()
    const asked = async (query: object) =>
      (await newestCalls(bench.database.db, [scope.orgId], { limit: 10, ...query })).map(({ line }) => line)
    assert.deepEqual(await asked({ only: 'failures' }), ['late', 'refused'])
    assert.deepEqual(await asked({ connectionId: first }), ['late', 'fine'])
    assert.deepEqual(await asked({ from: third.id }), ['late'])
    assert.deepEqual(await asked({ limit: 1 }), ['late'])
  })

  it('SEC-TEN-6 shows no call of another organization, by its id either', async () => {
    const other = await bench.newScope()
    const writer = open()
    const theirs = call({ line: 'theirs' })
    writer.note(other.orgId, theirs, 0)
    await writer.flush()
    assert.deepEqual(await linesOf(), [])
    assert.equal(await findCall(bench.database.db, [scope.orgId], theirs.id), undefined)
    assert.equal(await findCall(bench.database.db, [scope.orgId], 'no id at all'), undefined)
  })
})
