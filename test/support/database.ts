import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrations } from '../../migrations/index.js'
import { loadConfig } from '../../src/platform/config.js'
import { migrate } from '../../src/platform/db/migrate.js'
import { type Database, openDatabase } from '../../src/platform/db/open.js'
import { watchRun } from './sql-log.js'

/**
 * The database under test: embedded by default, PostgreSQL where TEST_DATABASE_URL names a server (each run creates a database of its
 * own there). Migrated once for the run; tests keep apart by making organizations of their own, as tenants do.
 */

export type TestDatabase = Database & {
  /** URL of the database in use, for tests that start processes; undefined when embedded. */
  readonly url: string | undefined
}

let opened: Promise<TestDatabase> | undefined
let cleanUp = async () => {}

async function asAdmin(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Creates an empty PostgreSQL database on the test server; only where TEST_DATABASE_URL is set. */
export async function createPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('TEST_DATABASE_URL is not set')
  const name = `gatehouse_test_${randomBytes(6).toString('hex')}`
  await asAdmin(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => asAdmin(server, `drop database if exists ${name} with (force)`) }
}

async function open(): Promise<TestDatabase> {
  if (process.env.TEST_DATABASE_URL) {
    const { url, drop } = await createPostgresDatabase()
    const database = await openDatabase(loadConfig({ DATABASE_URL: url }))
    await migrate(database.db, migrations, url)
    await watchRun(database.db)
    cleanUp = async () => {
      await database.close()
      await drop()
    }
    return { ...database, url }
  }
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  const database = await openDatabase(loadConfig({ DATA_DIR: directory }))
  await migrate(database.db, migrations)
  await watchRun(database.db)
  cleanUp = async () => {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { ...database, url: undefined }
}

/** The run's database; the first caller opens it. */
export function testDatabase(): Promise<TestDatabase> {
  opened ??= open()
  return opened
}

export async function closeTestDatabase(): Promise<void> {
  if (opened) await opened.catch(() => {})
  opened = undefined
  await cleanUp()
  cleanUp = async () => {}
}
