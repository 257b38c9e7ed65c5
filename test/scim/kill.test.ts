import assert from 'node:assert/strict'
import { loadConfig } from '../../src/platform/config.js'
import { type Knex, openDatabase } from '../../src/platform/db/open.js'
import { command } from '../support/command.js'
import { ownDatabase } from '../support/own-database.js'
import { type OwnProcess, startProcess } from '../support/process.js'
import { coreUser, type ScimClient, scimClient } from '../support/scim-client.js'
import type { Resource } from '../support/tenant.js'

/** A server that is killed leaves each operation done whole or not at all, with its history and its journal; acknowledged ones are done. */

const rounds = 4
const clients = 4

/** What a client was told last of a user, and what it asked for after that without an answer. */
type Memory = { id: string; title: string | undefined; asked: string | undefined; isGone: boolean; asksToGo: boolean }

describe('a server killed at any moment', () => {
  let database: Awaited<ReturnType<typeof ownDatabase>>
  let access: { baseUrl: string; token: string }
  let running: OwnProcess | undefined

  before(async function () {
    this.timeout(60_000)
    database = await ownDatabase()
    assert.equal((await command(database.env, 'migrate')).code, 0)
    const made = await command(database.env, 'org', 'create', 'acme', '--with-scim', '--json')
    assert.equal(made.code, 0, made.err)
    access = made.json().scim
  })

  after(async () => {
    running?.child.kill('SIGKILL')
    await database.remove()
  })

  /** Creates, changes and deletes users until the server is gone; remembers what it was told. */
  const work = async (scim: ScimClient, name: string, memories: Memory[]): Promise<void> => {
    for (let at = 0; ; at++) {
      const created = await scim.post('/Users', { schemas: [coreUser], userName: `${name}-${at}`, externalId: `${name}-${at}` })
      assert.equal(created.status, 201, created.text)
      const memory: Memory = { id: created.body.id, title: undefined, asked: undefined, isGone: false, asksToGo: false }
      memories.push(memory)
      for (const title of ['a', 'b']) {
        memory.asked = title
        const changed = await scim.patch(`/Users/${memory.id}`, [{ op: 'replace', value: { title, active: title === 'b' } }])
        assert.equal(changed.status, 200, changed.text)
        memory.title = title
      }
      if (at % 2 === 0) continue
      memory.asksToGo = true
      assert.equal((await scim.delete(`/Users/${memory.id}`)).status, 204)
      memory.isGone = true
    }
  }

  const isLost = (error: unknown) => error instanceof TypeError && /fetch failed|terminated/.test(error.message)

  const oneLife = async (round: number): Promise<Memory[]> => {
    const server = startProcess(['src/main.ts', '--json'], { ...database.env, PORT: '0', LOG_LEVEL: 'fatal' })
    running = server
    const { url } = JSON.parse(await server.line((line) => line.includes('"ready"')))
    const scim = scimClient(`${url}${new URL(access.baseUrl).pathname}`, access.token)
    const memories: Memory[] = []
    let isOver = false
    const ends = Promise.allSettled(Array.from({ length: clients }, (_, at) => work(scim, `r${round}-c${at}`, memories))).finally(
      () => {
        isOver = true
      },
    )
    // Not before there was work, then at a moment that differs from round to round.
    while (memories.length < 5 + 7 * round && !isOver) await new Promise((next) => setTimeout(next, 1))
    server.child.kill('SIGKILL')
    for (const end of await ends) if (end.status === 'rejected') assert.ok(isLost(end.reason), String(end.reason))
    assert.equal(await server.ended, null)
    return memories
  }

  const inspect = async (memories: Memory[], round: number) => {
    const { db, close } = await openDatabase(loadConfig(database.env))
    try {
      assert.deepEqual(await halves(db), [], `round ${round}`)
      for (const { id, title, asked, isGone, asksToGo } of memories) {
        const user = await db('users').where({ id }).first()
        assert.ok(user, 'an acknowledged user is there')
        assert.ok([title, asked].includes(user.profile.title), `${user.profile.title} is neither ${title} nor ${asked}`)
        if (isGone) assert.notEqual(user.deleted_at, null)
        if (!asksToGo) assert.equal(user.deleted_at, null)
      }
    } finally {
      await close()
    }
  }

  it('REL-14 has done each operation whole or not at all, and everything it acknowledged', async function () {
    this.timeout(180_000)
    for (let round = 0; round < rounds; round++) await inspect(await oneLife(round), round)
  })
})

/** Users whose rows, history and journal do not tell one story, and breaks in the journal itself. */
async function halves(db: Knex): Promise<unknown[]> {
  const users = await db.raw(`
    select u.id, u.version, u.epoch, u.deleted_at is not null as is_gone,
      (select count(*) from user_states s where s.user_id = u.id) as states,
      (select count(*) from user_states s where s.user_id = u.id and s.closed_by is null) as open_states,
      (select count(*) from identities i where i.user_id = u.id and i.closed_by is null) as open_links,
      (select count(distinct change_id) from audit_events a where a.target_id = u.id::text) as changes,
      (select count(*) from audit_events a where a.target_id = u.id::text and event = 'user.created') as births,
      (select count(*) from audit_events a where a.target_id = u.id::text and event = 'user.deleted') as deaths,
      (select count(*) from audit_events a where a.target_id = u.id::text and event in ('user.deactivated', 'user.deleted')) as ends
    from users u`)
  const torn = users.rows.filter((user: Resource) => {
    const alive = user.is_gone ? 0 : 1
    const whole = [user.version, user.version - 1 + alive, alive, alive, 1, 1 - alive, user.epoch - 1]
    const found = [user.changes, user.states, user.open_states, user.open_links, user.births, user.deaths, user.ends]
    return JSON.stringify(found) !== JSON.stringify(whole)
  })
  const journal = await db.raw(`
    select c.org_id, c.event_seq, count(a.id) as events, count(distinct a.seq) as places, max(a.seq) as last
    from org_counters c left join audit_events a on a.org_id = c.org_id group by c.org_id, c.event_seq
    having c.event_seq <> count(a.id) or count(distinct a.seq) <> count(a.id) or max(a.seq) <> c.event_seq`)
  const orphans = await db.raw(`
    select f.change from (
      select opened_by as change from user_states union select closed_by from user_states
      union select opened_by from identities union select closed_by from identities) f
    where f.change is not null and not exists (select 1 from changes c where c.id = f.change)`)
  return [...torn, ...journal.rows, ...orphans.rows]
}
