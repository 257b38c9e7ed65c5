import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/** The statements of the floor, each prepared on its connection: the rows the server reads and writes, and nothing about them. */

export type FloorSettings = { readonly orgId: string; readonly connectionId: string; readonly tokenHash: Buffer }

export type NewRow = {
  readonly id: string
  readonly userName: string
  readonly externalId: string
  readonly active: boolean
  readonly profile: object
}

const tokenSql =
  'select id, connection_id, name, scopes from connection_tokens where org_id = $1 and hash = $2 and revoked_at is null'
const userColumns = 'u.id, u.user_name, u.active, u.profile, u.version, u.created_at, u.updated_at, i.external_id'
const userFrom = `users u left join identities i
  on i.org_id = u.org_id and i.user_id = u.id and i.connection_id = u.managed_by and i.closed_by is null`
const userSql = `select ${userColumns} from ${userFrom} where u.org_id = $1 and u.id = $2`
const pageSql = `select ${userColumns} from ${userFrom}
  where u.org_id = $1 and u.managed_by = $2 and u.deleted_at is null order by u.id limit 100 offset $3`
const groupSql = 'select id, display_name, profile, version, created_at, updated_at from groups where org_id = $1 and id = $2'
const membersSql = `select u.id, u.user_name from memberships m join users u on u.org_id = m.org_id and u.id = m.user_id
  where m.org_id = $1 and m.group_id = $2 and m.closed_by is null`

const insertUser = `insert into users (org_id, id, user_name, user_name_key, display_name_key, active, managed_by, profile, search, created_at,
  updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now())`
const insertState = `insert into user_states (org_id, id, user_id, user_name, active, managed_by, profile, opened_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`
const insertIdentity = `insert into identities (org_id, id, user_id, connection_id, external_id, opened_by)
  values ($1, $2, $3, $4, $5, $6)`
const advance = `with counter as (
    update org_counters set event_seq = event_seq + 1, last_at = greatest(last_at + interval '1 microsecond', clock_timestamp())
    where org_id = $1 returning event_seq, last_at
  ), change as (
    insert into changes (org_id, id, seq, at) select $1, $2, event_seq, last_at from counter
  )
  insert into audit_events (org_id, id, seq, at, change_id, event, actor_type, actor_id, door, connection_id, target_type, target_id,
    target_name, changed)
  select $1, $3, event_seq, last_at, $2, 'user.created', 'connection_token', 'floor', 'scim', $4, 'user', $5, $6, '{}' from counter`

/** What a body asks to be stored. */
export function bodyRow(body: { userName: string; externalId: string; active: boolean }): NewRow {
  const { userName, externalId, active, ...profile } = body
  return { id: randomUUID(), userName, externalId, active, profile }
}

export function createFloor(pool: pg.Pool, { orgId, connectionId, tokenHash }: FloorSettings) {
  const read = async (name: string, text: string, values: unknown[]) => (await pool.query({ name, text, values })).rows

  return {
    token: () => read('token', tokenSql, [orgId, tokenHash]),
    user: async (id: string) => (await read('user', userSql, [orgId, id]))[0],
    page: (offset: number) => read('page', pageSql, [orgId, connectionId, offset]),
    group: async (id: string) => {
      const [group] = await read('group', groupSql, [orgId, id])
      return { ...group, members: await read('members', membersSql, [orgId, id]) }
    },
    /** The rows of a new user in one transaction, the organization's counter included. */
    create: async (row: NewRow, change: string) => {
      const client = await pool.connect()
      const write = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
      const { id, userName, externalId, active } = row
      const profile = JSON.stringify(row.profile)
      try {
        await client.query('begin')
        const key = userName.toLowerCase()
        await write('insert-user', insertUser, [
          orgId,
          id,
          userName,
          key,
          key,
          active,
          connectionId,
          profile,
          profile.toLowerCase(),
        ])
        await write('insert-identity', insertIdentity, [orgId, randomUUID(), id, connectionId, externalId, change])
        await write('insert-state', insertState, [orgId, randomUUID(), id, userName, active, connectionId, profile, change])
        await write('advance', advance, [orgId, change, randomUUID(), connectionId, id, userName])
        await client.query('commit')
      } finally {
        client.release()
      }
    },
  }
}
