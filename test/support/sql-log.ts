import type { Knex } from '../../src/platform/db/open.js'
import { unheldTables } from './sql-tenancy.js'

/**
 * Judges every statement that the run sends to the shared test database, by the builder, raw or prepared, in a transaction or not, and
 * keeps those that touch a tenant table without naming its organization (SEC-TEN-6).
 */

/** Tables without tenants' data: what must be unique across organizations, the operator's tokens, the keys of all processes, and the book of migrations. */
export const referenceTables = [
  'installation_keys',
  'operator_tokens',
  'organization_slugs',
  'schema_migrations',
  'schema_migrations_lock',
]

/** Statements about all organizations at once, and why each may be: they return no tenant's data. */
const acrossOrganizations: readonly { readonly reason: string; readonly sql: RegExp }[] = [
  {
    reason: 'the outbox worker asks which organizations have work, and nothing else about it',
    sql: /^select distinct org_id from outbox where [^;]*$/,
  },
  {
    reason: 'the warner asks which organizations have tokens that end soon, and nothing else about them',
    sql: /^select distinct org_id from connection_tokens where [^;]*$/,
  },
  {
    reason: 'the lag is one number for the whole installation',
    sql: /^select coalesce\(extract\(epoch from now\(\) - min\(due_at\)\), 0\)::float8 as lag from outbox where [^;]*$/,
  },
]

export type SqlJudge = {
  readonly judge: (statement: { readonly sql: string }) => void
  readonly complaints: readonly string[]
}

const rememberAtMost = 20_000

/** A judge over these tenant tables. `during` says what the run is doing at the moment, for the complaint. */
export function createSqlJudge(tenantTables: ReadonlySet<string>, during: () => string): SqlJudge {
  const judged = new Set<string>()
  const complaints: string[] = []
  return {
    complaints,
    judge: ({ sql }) => {
      if (judged.has(sql)) return
      if (judged.size === rememberAtMost) judged.clear()
      judged.add(sql)
      const unheld = unheldTables(sql, tenantTables)
      const text = sql.replace(/\s+/g, ' ').trim()
      if (unheld.length === 0 || acrossOrganizations.some((allowed) => allowed.sql.test(text))) return
      complaints.push(`${unheld.join(', ')} without org_id, during "${during()}": ${text.slice(0, 600)}`)
    },
  }
}

/** Names of the tables that hold tenants' data. */
export async function tenantTablesOf(db: Knex): Promise<Set<string>> {
  const found = await db.raw(
    "select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'",
  )
  const all = (found.rows as { table_name: string }[]).map((row) => row.table_name)
  return new Set(all.filter((table) => !referenceTables.includes(table)))
}

let runJudge: SqlJudge | undefined
let running = ''

/** Notes which test runs. */
export function noteTest(title: string): void {
  running = title
}

/** Puts the run's database under the run's judge. */
export async function watchRun(db: Knex): Promise<void> {
  const judge = createSqlJudge(await tenantTablesOf(db), () => running)
  db.on('query', judge.judge)
  runJudge = judge
}

/** What the run's judge found so far. */
export function runComplaints(): readonly string[] {
  return runJudge?.complaints ?? []
}
