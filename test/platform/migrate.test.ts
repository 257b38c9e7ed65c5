import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.js'
import { schemaState } from '../../src/platform/db/migrate.js'
import { createPostgresDatabase, testDatabase } from '../support/database.js'
import { runCli, startProcess } from '../support/process.js'

const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)

// Hangs inside its second migration, with the first one done and knex's lock row taken.
const hanging = `
  import { openDatabase } from ${source('platform/db/open.ts')}
  import { loadConfig } from ${source('platform/config.ts')}
  import { migrate } from ${source('platform/db/migrate.ts')}
  const down = async () => {}
  const database = await openDatabase(loadConfig())
  await migrate(database.db, [
    ['a_done', { up: (db) => db.raw('create table done (id int)'), down }],
    ['b_hangs', { up: async (db) => { console.log('inside'); await db.raw('select pg_sleep(2)') }, down }],
  ], process.env.DATABASE_URL)
  await database.close()
`

describe('migrations', () => {
  it('are known one by one: what this version lacks and what a newer one ran', async () => {
    const { db } = await testDatabase()
    const later = ['29990101_0000_later', { up: async () => {}, down: async () => {} }] as const
    const [last] = migrations.at(-1) ?? []
    assert.deepEqual(await schemaState(db, migrations), { missing: [], unknown: [] })
    assert.deepEqual(await schemaState(db, [...migrations, later]), { missing: [later[0]], unknown: [] })
    assert.deepEqual(await schemaState(db, migrations.slice(0, -1)), { missing: [], unknown: [last] })
  })

  describe('of several processes', () => {
    let url: string
    let drop: () => Promise<void>

    before(async function () {
      // Only PostgreSQL lets several processes at one database.
      if (!process.env.TEST_DATABASE_URL) this.skip()
    })

    beforeEach(async () => {
      ;({ url, drop } = await createPostgresDatabase())
    })

    afterEach(() => drop())

    const migrateThrice = async () => {
      const runs = await Promise.all([1, 2, 3].map(() => runCli(['migrate', '--json'], { DATABASE_URL: url })))
      assert.deepEqual(
        runs.map((run) => [run.code, run.err]),
        [
          [0, ''],
          [0, ''],
          [0, ''],
        ],
      )
      return runs.flatMap((run) => JSON.parse(run.out).ran as string[])
    }

    it('that start at once run each migration exactly once', async () => {
      assert.deepEqual((await migrateThrice()).sort(), migrations.map(([name]) => name).sort())
      assert.deepEqual(await migrateThrice(), [])
    })

    it('go on after one was killed inside a migration: no lock stays, nothing is half done', async () => {
      const killed = startProcess(['--input-type=module', '-e', hanging], { DATABASE_URL: url })
      await killed.line((line) => line === 'inside')
      killed.child.kill('SIGKILL')
      await killed.ended
      const again = startProcess(['--input-type=module', '-e', hanging], { DATABASE_URL: url })
      await again.line((line) => line === 'inside')
      assert.equal(await again.ended, 0, again.err())
    })
  })
})
