import pg from 'pg'
import type { Knex } from './open.js'

/** Migrations by knex, made safe for several processes that start at once and for one that is killed half-way. */

export type Migration = { readonly up: (db: Knex) => Promise<void>; readonly down: (db: Knex) => Promise<void> }
export type MigrationList = readonly (readonly [name: string, migration: Migration])[]

// Any constant: the same for every process of this product.
const advisoryKey = 7283456201

// Names come from the list, not from file names, so that source and compiled builds agree about what has run.
function source(list: MigrationList) {
  return {
    getMigrations: async () => list.map(([name]) => name),
    getMigrationName: (name: string) => name,
    getMigration: async (name: string) => {
      const found = list.find(([known]) => known === name)
      if (!found) throw new Error(`unknown migration ${name}`)
      return found[1]
    },
  }
}

const tables = { tableName: 'schema_migrations' }

async function run(db: Knex, list: MigrationList): Promise<string[]> {
  const settings = { ...tables, migrationSource: source(list) }
  // Whoever holds the advisory lock is alone, so a lock row left in knex's own table belongs to a process that died.
  if (await db.schema.hasTable('schema_migrations_lock')) await db.migrate.forceFreeMigrationsLock(settings)
  const [, ran] = await db.migrate.latest(settings)
  return ran
}

/**
 * Brings the schema up to date; returns the names of what ran. With a `url` (PostgreSQL) an advisory lock on a connection of its own
 * is held meanwhile: it ends with the connection, so a killed process leaves nothing behind.
 */
export async function migrate(db: Knex, list: MigrationList, url?: string): Promise<string[]> {
  if (!url) return run(db, list)
  const guard = new pg.Client({ connectionString: url, application_name: 'gatehouse migrate' })
  guard.on('error', () => {})
  await guard.connect()
  try {
    await guard.query('select pg_advisory_lock($1)', [advisoryKey])
    return await run(db, list)
  } finally {
    await guard.end()
  }
}

/** Names in the list that this database has not run yet, and names it ran that the list does not know (a newer version's). */
export async function schemaState(db: Knex, list: MigrationList): Promise<{ missing: string[]; unknown: string[] }> {
  if (!(await db.schema.hasTable(tables.tableName))) return { missing: list.map(([name]) => name), unknown: [] }
  const rows = await db(tables.tableName).select<{ name: string }[]>('name')
  const ran = new Set(rows.map((row) => row.name))
  const known = new Set(list.map(([name]) => name))
  return { missing: [...known].filter((name) => !ran.has(name)), unknown: [...ran].filter((name) => !known.has(name)) }
}
