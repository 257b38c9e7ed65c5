import type { TokenScope } from '../contract/token.js'
import type { Knex } from '../platform/db/open.js'
import type { ConnectionToken } from './model.js'
import { daysReached, mostWarningDays } from './token-warnings.js'

type Row = {
  id: string
  connection_id: string
  name: string
  hint: string
  scopes: string[]
  user_id: string | null
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
  days_left: number | null
  state: string
}

const columns = [
  'id',
  'connection_id',
  'name',
  'hint',
  'scopes',
  'user_id',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
]

// The database's clock decides, so processes whose clocks differ still agree about which tokens live.
// A token of a user ends with the epoch it was made in, as authenticate.ts has it.
const state = `case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired'
  when user_id is not null and not exists (
    select 1 from users u where u.org_id = connection_tokens.org_id and u.id = connection_tokens.user_id
      and u.managed_by = connection_tokens.connection_id and u.epoch = connection_tokens.user_epoch
      and u.active and u.deleted_at is null
  ) then 'revoked' else 'live' end`

const daysLeft = 'floor(extract(epoch from expires_at - now()) / 86400)::int as days_left'

const unwarned = `${state} = 'live' and ${daysReached('expires_at')} < coalesce(warned_days, 1000000)`

/** A token whose end is `days` days away or less. */
type Warned = { id: string; name: string; connectionId: string; expiresAt: Date; days: number }

const toToken = (row: Row): ConnectionToken => ({
  id: row.id,
  connectionId: row.connection_id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes as TokenScope[],
  userId: row.user_id,
  state: row.state as ConnectionToken['state'],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  daysLeft: row.state === 'live' && row.days_left !== null && row.days_left < mostWarningDays ? row.days_left : null,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

export function tokenStore(db: Knex) {
  const query = (orgId: string, connectionId: string) =>
    db('connection_tokens')
      .where({ org_id: orgId, connection_id: connectionId })
      .select<Row[]>([...columns, db.raw(`${state} as state`), db.raw(daysLeft)])
      .orderBy('id')

  return {
    insert: async (orgId: string, token: ConnectionToken, hidden: { hash: Buffer; userEpoch: number | null }): Promise<void> => {
      await db('connection_tokens').insert({
        org_id: orgId,
        id: token.id,
        connection_id: token.connectionId,
        name: token.name,
        hint: token.hint,
        hash: hidden.hash,
        user_id: token.userId,
        user_epoch: hidden.userEpoch,
        scopes: [...token.scopes],
        created_at: token.createdAt,
        expires_at: token.expiresAt,
        // Whoever makes a token for a week knows that it ends soon.
        warned_days: db.raw(daysReached('?::timestamptz'), [token.expiresAt]),
      })
    },

    /** In order of creation, dead ones included. */
    list: async (orgId: string, connectionId: string): Promise<ConnectionToken[]> =>
      (await query(orgId, connectionId)).map(toToken),

    find: async (orgId: string, connectionId: string, id: string): Promise<ConnectionToken | undefined> => {
      const [row] = await query(orgId, connectionId).where({ id })
      return row && toToken(row)
    },

    /** By the hash of its secret, dead ones included. */
    findByHash: async (orgId: string, hash: Buffer): Promise<ConnectionToken | undefined> => {
      const [row] = await db('connection_tokens')
        .where({ org_id: orgId, hash })
        .select<Row[]>([...columns, db.raw(`${state} as state`), db.raw(daysLeft)])
      return row && toToken(row)
    },

    /** Lets a token end `seconds` from now, or earlier where it would have; returns when. */
    endWithin: async (orgId: string, id: string, seconds: number): Promise<Date> => {
      const end = "least(expires_at, now() + ? * interval '1 second')"
      const [row] = await db('connection_tokens')
        .where({ org_id: orgId, id })
        .update({ expires_at: db.raw(end, [seconds]), warned_days: db.raw(daysReached(end), [seconds]) })
        .returning<{ expires_at: Date }[]>('expires_at')
      if (!row) throw new Error(`token ${id} vanished while it was locked`)
      return row.expires_at
    },

    /** Organizations with live tokens whose end has come nearer than they were warned of. */
    organizationsToWarn: async (): Promise<string[]> => {
      const found = await db.raw(`select distinct org_id from connection_tokens where ${unwarned}`)
      return (found.rows as { org_id: string }[]).map((row) => row.org_id)
    },

    /** Marks these tokens as warned of and returns them; of several who do so at once, one gets a token. */
    takeWarnings: async (orgId: string): Promise<Warned[]> => {
      const sql = `update connection_tokens set warned_days = ${daysReached('expires_at')} where org_id = ? and ${unwarned}
        returning id, name, connection_id, expires_at, warned_days`
      const found = await db.raw(sql, [orgId])
      return (found.rows as (Row & { warned_days: number; expires_at: Date })[]).map((row) => ({
        id: row.id,
        name: row.name,
        connectionId: row.connection_id,
        expiresAt: row.expires_at,
        days: row.warned_days,
      }))
    },

    revoke: async (orgId: string, id: string, at: Date): Promise<void> => {
      await db('connection_tokens').where({ org_id: orgId, id }).update({ revoked_at: at })
    },

    /** Notes that tokens were used just now. */
    touch: async (orgId: string, ids: readonly string[]): Promise<void> => {
      await db('connection_tokens')
        .where({ org_id: orgId })
        .whereIn('id', [...ids])
        .update({ last_used_at: db.fn.now() })
    },
  }
}
