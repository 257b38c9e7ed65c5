import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.js'
import { type ProvisioningLine, provisioningCall, provisioningLine, provisioningReplay } from '../../src/contract/provisioning.js'
import { loadConfig } from '../../src/platform/config.js'
import { lockFileOf, takeLock } from '../../src/platform/db/lock.js'
import { migrate } from '../../src/platform/db/migrate.js'
import { openDatabase } from '../../src/platform/db/open.js'
import { newId } from '../../src/platform/ids.js'
import { startTestApp } from '../support/app.js'
import { postGroup, postUser, sendBulk } from '../support/bulk.js'
import { command } from '../support/command.js'
import { ownDatabase } from '../support/own-database.js'
import { startProcess } from '../support/process.js'
import { coreUser } from '../support/scim-client.js'
import { type Tenant, tenantOf } from '../support/tenant.js'

/** What the command line tells of the provisioning log, on a database that no server holds any more. */

describe('the command line on the provisioning log', () => {
  let env: Record<string, string>
  let remove: () => Promise<void>
  let acme: Tenant
  let globex: Tenant
  let all: ProvisioningLine[]
  let asItWas: string

  /** Lets a server on the database answer calls, and stops it. */
  async function withServer<T>(work: (app: Awaited<ReturnType<typeof startTestApp>>) => Promise<T>): Promise<T> {
    const database = await openDatabase(loadConfig(env))
    try {
      await migrate(database.db, migrations, env.DATABASE_URL)
      const app = await startTestApp({ database })
      try {
        return await work(app)
      } finally {
        await app.stop()
      }
    } finally {
      await database.close()
    }
  }

  const dumped = () => withServer((app) => tenantOf(app, acme).facts())

  before(async () => {
    const own = await ownDatabase()
    env = own.env
    remove = own.remove
    await withServer(async (app) => {
      acme = tenantOf(app, await app.createOrganization({ profile: 'entra' }))
      globex = tenantOf(app, await app.createOrganization())
      const { scim } = acme
      const path = `/Users/${(await acme.user('ada', { title: 'old', password: 'Tr0ub4dor' })).id}`
      await scim.patch(path, [{ op: 'Replace', path: 'active', value: 'False' }])
      await scim.patch(path, [{ op: 'Replace', path: 'active', value: 'True' }])
      await scim.patch(path, [{ op: 'Replace', path: 'title', value: 'new' }])
      await scim.post('/Users', { schemas: [coreUser], userName: 'ada' })
      await scim.get('/Users')
      const bulk = await sendBulk(scim, [postGroup('g', 'Bulk', ['bulkId:u']), postUser('u', 'bulk')])
      for (const { location } of bulk.body.Operations) await scim.delete(location.slice(acme.baseUrl.length))
      await globex.user('grace')
      await fetch(`${globex.baseUrl}/Users`)
    })
    asItWas = await dumped()
    all = await linesOf('-n', '100')
  })

  after(() => remove())

  const run = (...args: string[]) => command(env, 'provisioning', ...args)
  const linesOf = async (...args: string[]) => {
    const { code, out, err } = await run('tail', ...args, '--json')
    assert.deepEqual([code, err], [0, ''])
    const lines = out.split('\n').filter(Boolean)
    return lines.map((line) => provisioningLine.parse(JSON.parse(line)))
  }
  const idOf = (line: string): string => {
    const found = all.find((one) => one.line === line)
    assert.ok(found, line)
    return found.id
  }

  it('lists calls of all organizations, oldest first, one JSON object a line', () => {
    const told = (slug: string) => all.filter(({ organization }) => organization === slug).map(({ line }) => line)
    assert.deepEqual(told(globex.slug), ['created grace', 'refused: no bearer token was sent'])
    assert.deepEqual(told(acme.slug), [
      'created ada',
      'disabled ada',
      'enabled ada',
      'updated title of ada',
      'refused to create ada: userName is taken',
      'listed users (found 1)',
      'carried out 2 operations in bulk',
      'deleted group "Bulk"',
      'deleted bulk',
    ])
    const ids = all.map(({ id }) => id)
    assert.deepEqual(ids, [...ids].sort())
  })

  it('lists those of one organization, one connection, failures alone, and as many as are wanted', async () => {
    const told = async (...args: string[]) => (await linesOf(...args)).map(({ line }) => line)
    assert.deepEqual(await told('--org', globex.slug, '--connection', globex.connectionId), ['created grace'])
    assert.deepEqual(await told('--org', acme.slug, '--errors'), ['refused to create ada: userName is taken'])
    assert.deepEqual(await told('--org', acme.slug, '-n', '2'), ['deleted group "Bulk"', 'deleted bulk'])
  })

  it('tells people when, whose, how it ended and what happened', async () => {
    const { out } = await run('tail', '--org', acme.slug, '--errors')
    const [at, slug, status, ms, line, ...more] = out.split(/ {2,}/)
    assert.match(at ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    assert.deepEqual([slug, status, /^\d+ ms$/.test(ms ?? '')], [acme.slug, '409', true])
    assert.deepEqual([line, more], ['refused to create ada: userName is taken', [`[${idOf(line ?? '')}]\n`]])
    const none = await run('tail', '--org', globex.slug, '--errors', '--connection', globex.connectionId)
    assert.equal(none.out, 'There is no such call in the log.\n')
  })

  it('shows what lies behind a line: what was sent, understood, changed, answered, and by whose habits', async () => {
    const id = idOf('disabled ada')
    const call = provisioningCall.parse((await run('show', id, '--json')).json())
    assert.deepEqual(call.understood, { operations: [{ op: 'replace', path: 'active', value: false }] })
    assert.deepEqual([call.events.map(({ event }) => event), call.habits.profile], [['user.deactivated'], 'entra'])
    const text = (await run('show', id, '--org', acme.slug)).out
    for (const part of [/^disabled ada\n\n {2}call {10}PATCH \/Users\//, /\nsent\n/, /"value": "False"/, /\nunderstood\n/]) {
      assert.match(text, part)
    }
    assert.ok(text.endsWith('\nchanged\n  user.deactivated ada\n'), text)
    const refused = (await run('show', idOf('refused to create ada: userName is taken'))).out
    assert.match(refused.slice(refused.indexOf('\nanswered\n')), /"scimType": "uniqueness"/)
  })

  it('says what a call would change today', async () => {
    const { code, out } = await run('replay', idOf('disabled ada'), '--dry-run')
    const told = 'Today: 200, disabled ada\nNothing was changed.\n\nwould change\n  user.deactivated ada\n'
    assert.deepEqual([code, out], [0, told])
    const nothing = await run('replay', idOf('updated title of ada'), '--dry-run')
    assert.equal(nothing.out, 'Today: 200, nothing to change for ada\nNothing was changed.\n')
  })

  it('says what a call would be refused for today', async () => {
    const replayed = provisioningReplay.parse((await run('replay', idOf('created ada'), '--dry-run', '--json')).json())
    assert.deepEqual([replayed.status, replayed.line, replayed.events], [409, 'refused to create ada: userName is taken', []])
    const { out } = await run('replay', idOf('deleted bulk'), '--dry-run')
    assert.match(out, /^Today: 404, refused to delete user [0-9a-f-]{36}: there is no such user\n/)
  })

  it('replays a bulk request whole, its references included', async () => {
    const { out } = await run('replay', idOf('carried out 2 operations in bulk'), '--dry-run', '--json')
    const { line, events } = provisioningReplay.parse(JSON.parse(out))
    assert.equal(line, 'carried out 2 operations in bulk')
    assert.deepEqual(events.map(({ event, added }) => `${event} ${added}`).sort(), [
      'group.created 0',
      'group.members_changed 1',
      'user.created 0',
    ])
  })

  it('changes nothing by all that replaying', async () => {
    assert.equal(await dumped(), asItWas)
  })

  const unreplayable: readonly (readonly [line: string, says: RegExp])[] = [
    ['listed users (found 1)', /^This call only read/],
    ['refused: no bearer token was sent', /^Nobody known made this call/],
  ]
  for (const [line, says] of unreplayable) {
    it(`does not replay "${line}", and says why`, async () => {
      const { code, err } = await run('replay', idOf(line), '--dry-run')
      assert.equal(code, 1)
      assert.match(err, says)
    })
  }

  it('says in one line what is wrong with a call of it', async () => {
    const wrong: readonly (readonly [args: string[], code: number, says: RegExp])[] = [
      [['replay', newId()], 2, /^A call is replayed with --dry-run only[^\n]*\n$/],
      [['tail', '--connection', 'Okta'], 2, /^A connection is one of an organization[^\n]*\n$/],
      [['tail', '-n', 'many'], 2, /^lines: [^\n]*\n$/],
      [['show', newId()], 1, /^There is no call [^\n]*\n$/],
      [['tail', '--org', 'nobody'], 1, /^There is no organization "nobody"\.\n$/],
      [['tail', '--org', acme.slug, '--connection', 'Okta'], 1, /has no connection "Okta"\.\n$/],
    ]
    for (const [args, code, says] of wrong) {
      const found = await run(...args)
      assert.equal(found.code, code, args.join(' '))
      assert.match(found.err, says)
    }
  })

  it('reads the database itself and asks no server, which would not tell', async () => {
    const far = { ...env, GATEHOUSE_URL: 'http://127.0.0.1:1', GATEHOUSE_OPERATOR_TOKEN: 'gho_x' }
    const { code, err } = await command(far, 'provisioning', 'tail')
    assert.equal(code, 1)
    assert.match(err, /^The provisioning log is read where the database is[^\n]*\n$/)
  })

  it('says in one line that another process has the embedded database open', async function () {
    if (env.DATABASE_URL) return this.skip() // only the embedded database is for one process
    const lock = takeLock(lockFileOf(env.DATA_DIR ?? ''))
    const { code, err } = await run('tail')
    lock.release()
    assert.equal(code, 1)
    assert.match(err, new RegExp(`^Process ${process.pid} has the embedded database open, and [^\n]*\n$`))
  })

  it('follows: each new call once, as it comes', async function () {
    if (!env.DATABASE_URL) return this.skip() // nobody can write while another process has the embedded database open
    const args = ['provisioning', 'tail', '--follow', '--json', '-n', '1', '--org', acme.slug]
    const follower = startProcess(['src/cli/gatehouse.ts', ...args], env)
    try {
      await follower.line((line) => line.includes('deleted bulk'))
      await withServer(async (app) => {
        const tenant = tenantOf(app, await app.createConnection(acme))
        await tenant.user('new-one')
        await tenant.user('new-two')
        await follower.line((line) => line.includes('created new-two'))
        await tenant.user('new-three')
        await follower.line((line) => line.includes('created new-three'))
      })
      const told = follower.out().split('\n').filter(Boolean)
      const lines = told.map((line) => provisioningLine.parse(JSON.parse(line)).line)
      assert.deepEqual(lines, ['deleted bulk', 'created new-one', 'created new-two', 'created new-three'])
    } finally {
      follower.child.kill('SIGTERM')
      await follower.ended
    }
  })
})
