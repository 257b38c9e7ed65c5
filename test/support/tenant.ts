import assert from 'node:assert/strict'
import type { Knex } from '../../src/platform/db/open.js'
import type { JsonObject } from '../../src/platform/json.js'
import { sharedTestApp, type TestApp, type TestTenant } from './app.js'
import { coreGroup, coreUser, type ScimClient, scimClient } from './scim-client.js'

/** A fresh organization on the run's application with a client for it, and short ways to fill it and to look behind the door. */

// biome-ignore lint/suspicious/noExplicitAny: tests read resources of every shape
export type Resource = any

export type Tenant = TestTenant & {
  readonly app: TestApp
  readonly scim: ScimClient
  /** Creates a user, which must work. */
  readonly user: (userName: string, rest?: JsonObject) => Promise<Resource>
  /** Creates a group with these members, which must work. */
  readonly group: (displayName: string, memberIds?: readonly string[], rest?: JsonObject) => Promise<Resource>
  /** Rows of a table that belong to the organization. */
  readonly rows: (table: string, where?: Record<string, string | null>) => Promise<Resource[]>
  /** Everything the database holds about the organization, as text; a line a row, the table's name first. */
  readonly dump: () => Promise<string>
  /** The same without what is written down, some time later, about each call. */
  readonly facts: () => Promise<string>
}

type Options = Parameters<TestApp['createOrganization']>[0]

export async function newTenant(options: Options = {}): Promise<Tenant> {
  const app = await sharedTestApp()
  return tenantOf(app, await app.createOrganization(options))
}

/** The same short ways for a connection that is there. */
export function tenantOf(app: TestApp, connection: TestTenant): Tenant {
  const { db } = app.core
  const scim = scimClient(connection.baseUrl, connection.token)
  const create = async (path: string, body: JsonObject) => {
    const answer = await scim.post(path, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const dump = async (without: readonly string[]): Promise<string> => {
    const tables = (await tenantTables(db)).filter((table) => !without.includes(table))
    return (await Promise.all(tables.map((table) => dumpTable(db, table, connection.orgId)))).flat().join('\n')
  }
  return {
    ...connection,
    app,
    scim,
    user: (userName, rest = {}) => {
      const schemas = [coreUser, ...Object.keys(rest).filter((key) => key.startsWith('urn:'))]
      return create('/Users', { schemas, userName, ...rest })
    },
    group: (displayName, memberIds = [], rest = {}) =>
      create('/Groups', { schemas: [coreGroup], displayName, members: memberIds.map((value) => ({ value })), ...rest }),
    rows: (table, where = {}) => db(table).where({ org_id: connection.orgId, ...where }),
    dump: () => dump([]),
    facts: () => dump(['provisioning_log', 'connection_tokens', 'connection_budgets']),
  }
}

async function tenantTables(db: Knex): Promise<string[]> {
  const found = await db.raw(
    "select distinct table_name from information_schema.columns where table_schema = current_schema() and column_name = 'org_id'",
  )
  return (found.rows as { table_name: string }[]).map((row) => row.table_name).sort()
}

async function dumpTable(db: Knex, table: string, orgId: string): Promise<string[]> {
  const found = await db.raw('select to_jsonb(t)::text as row from ?? t where t.org_id = ? order by 1', [table, orgId])
  return (found.rows as { row: string }[]).map(({ row }) => `${table} ${row}`)
}
