import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrations } from '../migrations/index.js'
import { authorizeOperator } from '../src/access/index.js'
import { createCore } from '../src/app.js'
import { configureConnection, createConnection, createToken } from '../src/connections/index.js'
import { mostRequestsPerSecond } from '../src/contract/connection-settings.js'
import { tokenScopes } from '../src/contract/token.js'
import { createOrganization } from '../src/directory/index.js'
import { loadConfig } from '../src/platform/config.js'
import { migrate } from '../src/platform/db/migrate.js'
import { openDatabase } from '../src/platform/db/open.js'
import { newId } from '../src/platform/ids.js'
import { insertGroups, insertMembers, insertUsers, trustRows } from './rows.js'

/** A PostgreSQL database of the bench's own: migrated, with one organization, its SCIM connection and as many users as asked for. */

export type Stage = {
  readonly databaseUrl: string
  readonly orgId: string
  readonly connectionId: string
  readonly token: string
  /** Path of the organization's SCIM base. */
  readonly base: string
  readonly users: number
  /** Ids and names of some users, chosen evenly. */
  readonly sample: readonly { readonly id: string; readonly userName: string }[]
  /** Makes groups, each with the `members` first users after `skip`; returns their ids. */
  readonly addGroups: (groups: { name: string; count: number; members: number; skip?: number }) => Promise<string[]>
  /** The users after the first `skip` ones, at most 20,000. */
  readonly lastPeople: (skip: number) => Promise<Stage['sample']>
  /** Gives the planner its statistics and the table its visibility, as autovacuum would. */
  readonly settle: () => Promise<void>
  readonly query: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  readonly drop: () => Promise<void>
}

const chunk = 50_000
const sampled = 1000

const people = (rows: Record<string, unknown>[]): Stage['sample'] =>
  rows.map((row) => ({ id: String(row.id), userName: String(row.user_name) }))

async function asAdmin(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** An organization with a connection and a token, made by the server's own commands. */
async function settleTenant(databaseUrl: string) {
  const database = await openDatabase(loadConfig({ DATABASE_URL: databaseUrl }))
  try {
    await migrate(database.db, migrations, databaseUrl)
    const orgId = newId()
    const slug = 'bench'
    const { journal } = createCore({ database, publicUrl: 'http://bench.example' })
    const by = authorizeOperator({ actor: { type: 'system', id: 'bench' }, door: 'system' }, orgId)
    return await journal.change(by, async (c) => {
      await createOrganization(c, { slug, name: slug })
      const { id: connectionId } = await createConnection(c, { name: 'bench', profile: 'generic' })
      // Nothing is to be refused here, only counted.
      await configureConnection(c, connectionId, { requestsPerSecond: mostRequestsPerSecond })
      const { secret } = await createToken(c, connectionId, { name: 'bench', scopes: tokenScopes, expiresAt: null })
      return { orgId, connectionId, token: secret, base: `/scim/v2/${slug}` }
    })
  } finally {
    await database.close()
  }
}

/** Sets a stage on the server at `server`, whose user may create databases (and switch off triggers). */
export async function openStage(server: string, users: number): Promise<Stage> {
  const name = `gatehouse_bench_${randomBytes(6).toString('hex')}`
  await asAdmin(server, `create database ${name}`)
  const drop = () => asAdmin(server, `drop database if exists ${name} with (force)`)
  try {
    const url = new URL(server)
    url.pathname = `/${name}`
    const tenant = await settleTenant(url.href)
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    client.on('error', () => {})
    const query = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows
    const { orgId, connectionId } = tenant
    const change = newId()
    await query(trustRows)
    await query('set synchronous_commit = off')
    for (let from = 1; from <= users; from += chunk) {
      await query(insertUsers, [orgId, connectionId, from, Math.min(users, from + chunk - 1), change])
    }
    const every = Math.max(1, Math.floor(users / sampled))
    const sample = await query(
      `select id, user_name from (select id, user_name, row_number() over (order by id) as n from users where org_id = $1) u
       where n % $2 = 0 limit $3`,
      [orgId, every, sampled],
    )
    return {
      ...tenant,
      databaseUrl: url.href,
      users,
      sample: people(sample),
      query,
      addGroups: async ({ name, count, members, skip = 0 }) => {
        const groups = await query(insertGroups, [orgId, connectionId, count, name])
        const ids = groups.map((group) => String(group.id))
        for (const id of ids) await query(insertMembers, [orgId, connectionId, id, members, skip, change])
        return ids
      },
      lastPeople: async (skip) =>
        people(
          await query('select id, user_name from users where org_id = $1 order by id desc limit least(20000, $2::int)', [
            orgId,
            Math.max(1, users - skip),
          ]),
        ),
      settle: async () => void (await query('vacuum analyze')),
      drop: async () => {
        await client.end()
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}
