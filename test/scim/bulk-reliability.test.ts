import assert from 'node:assert/strict'
import pg from 'pg'
import { loadConfig } from '../../src/platform/config.js'
import { openDatabase } from '../../src/platform/db/open.js'
import type { Json } from '../../src/platform/json.js'
import { startTestApp } from '../support/app.js'
import { addMember, bulkRequest, bulkResults, idOf, postGroup, postUser } from '../support/bulk.js'
import { command } from '../support/command.js'
import { testDatabase } from '../support/database.js'
import { ownDatabase } from '../support/own-database.js'
import { type OwnProcess, startProcess } from '../support/process.js'
import { scimClient } from '../support/scim-client.js'

/** A server that dies, and a database that does not answer, in the middle of a bulk request. */

const sessions = `select count(*)::int as n from pg_stat_activity
  where datname = current_database() and application_name = 'gatehouse'`
const rounds = 4
const sets = 50

/** Three linked operations a set: a user, a group, and the user as its member by a third operation. */
const request = (round: number): Json[] =>
  Array.from({ length: sets }, (_, at) => {
    const name = `r${round}-${at}`
    return [
      postGroup(`g${at}`, name),
      postUser(`u${at}`, name),
      addMember(`/Groups/bulkId:g${at}`, `bulkId:u${at}`),
      postUser(`s${at}`, `${name}-single`),
    ]
  }).flat()

describe('a server killed in the middle of a bulk request', () => {
  let env: Record<string, string>
  let remove = async () => {}
  let database: pg.Client

  before(async function () {
    // The embedded database lives in the process that is killed: that it comes up again is the business of test/cli/server.test.ts.
    if (!process.env.TEST_DATABASE_URL) return this.skip()
    const own = await ownDatabase()
    remove = own.remove
    env = own.env
    assert.equal((await command(env, 'migrate')).code, 0)
    database = new pg.Client({ connectionString: env.DATABASE_URL })
    await database.connect()
  })

  after(async () => {
    await database?.end()
    await remove()
  })

  const start = async (): Promise<{ server: OwnProcess; url: string }> => {
    const server = startProcess(['src/main.ts', '--json'], { PORT: '0', ...env })
    return { server, url: JSON.parse(await server.line((line) => line.startsWith('{'))).url }
  }

  const strings = async (sql: string): Promise<string[]> => (await database.query(sql)).rows.map((row) => row.name).sort()

  it('REL-14 leaves every operation, and every set of linked ones, fully in or fully out, and the audit says the same', async () => {
    const made = await command(env, 'org', 'create', 'acme', '--with-scim', '--json')
    assert.equal(made.code, 0, made.err)
    const { token } = made.json().scim
    const found: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { server, url } = await start()
      const scim = scimClient(`${url}/scim/v2/acme`, token)
      assert.equal((await scim.get('/Users?count=0')).status, 200)
      const body = JSON.stringify({ schemas: [bulkRequest], Operations: request(round) })
      const answer = scim.post('/Bulk', body).then(
        () => 'answered',
        () => 'cut off',
      )
      // Dies when some of the request is in, and how much differs from round to round.
      const enough = 1 + round * 8
      const committed = `select count(*)::int as n from groups where display_name like 'r${round}-%'`
      while ((await database.query(committed)).rows[0].n < enough) await new Promise((wake) => setTimeout(wake, 2))
      server.child.kill('SIGKILL')
      await server.ended
      // What the dead server sent last may still be running.
      while ((await database.query(sessions)).rows[0].n > 0) await new Promise((wake) => setTimeout(wake, 10))
      assert.equal(await answer, 'cut off')
      found.push((await database.query(committed)).rows[0].n)
    }
    assert.ok(
      found.every((count, round) => count > round * 8 && count < sets),
      String(found),
    )
    const groups = await strings('select display_name as name from groups')
    const linked = await strings("select user_name as name from users where user_name not like '%-single'")
    const members = await strings(`select g.display_name || '=' || u.user_name as name from memberships m
      join groups g on g.id = m.group_id join users u on u.id = m.user_id where m.closed_by is null`)
    assert.deepEqual(groups, linked)
    assert.deepEqual(members, groups.map((name) => `${name}=${name}`).sort())
    const users = await strings('select user_name as name from users')
    for (const [what, sql] of Object.entries({
      states: 'select user_name as name from user_states where closed_by is null',
      identities: 'select u.user_name as name from identities i join users u on u.id = i.user_id where i.closed_by is null',
      created: "select target_name as name from audit_events where event = 'user.created'",
    }))
      assert.deepEqual(await strings(sql), users, what)
    assert.deepEqual(await strings("select target_name as name from audit_events where event = 'group.created'"), groups)
    assert.deepEqual(await strings("select target_name as name from audit_events where event = 'group.members_changed'"), groups)
  }).timeout(180_000)
})

describe('a database that stops answering in the middle of a bulk request', () => {
  it('REL-14 has what was done told as done, what failed as 503, and the rest as not tried', async function () {
    const { url } = await testDatabase()
    // With one connection there is nobody who could hold a lock against it.
    if (url === undefined) return this.skip()
    const database = await openDatabase(loadConfig({ DATABASE_URL: url, DATABASE_STATEMENT_TIMEOUT_MS: '1000' }))
    const app = await startTestApp({ database })
    const blocker = new pg.Client({ connectionString: url })
    await blocker.connect()
    try {
      const { baseUrl, token, orgId } = await app.createOrganization()
      const scim = scimClient(baseUrl, token)
      const [group] = await bulkResults(scim, [postGroup('g', 'Guides')])
      await blocker.query('begin')
      await blocker.query('select id from groups where org_id = $1 for update', [orgId])
      const path = `/Groups/${idOf(group)}`
      const results = await bulkResults(scim, [
        postUser('a', 'ada'),
        postUser('b', 'bob'),
        addMember(path, 'bulkId:b'),
        postUser('c', 'cleo'),
        { method: 'DELETE', path },
      ])
      assert.deepEqual(
        results.map(({ status, response }) => [status, /^Not tried/.test(response?.detail)]),
        [
          ['201', false],
          ['503', false],
          ['503', false],
          ['503', true],
          ['503', true],
        ],
      )
      await blocker.query('rollback')
      const users = (await scim.get('/Users')).body.Resources as { userName: string }[]
      assert.deepEqual([users.map(({ userName }) => userName), (await scim.get(path)).status], [['ada'], 200])
    } finally {
      await blocker.end()
      await app.stop()
      await database.close()
    }
  })
})
