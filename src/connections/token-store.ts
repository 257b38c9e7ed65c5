import type { TokenScope } from '../contract/token.js'
import type { Knex } from '../platform/db/open.js'
import type { ConnectionToken } from './model.js'

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
  ) then 'revoked' else 'live' end as state`

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
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

export function tokenStore(db: Knex) {
  const query = (orgId: string, connectionId: string) =>
    db('connection_tokens')
      .where({ org_id: orgId, connection_id: connectionId })
      .select<Row[]>([...columns, db.raw(state)])
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
        .select<Row[]>([...columns, db.raw(state)])
      return row && toToken(row)
    },

    /** Lets a token end `seconds` from now, or earlier where it would have; returns when. */
    endWithin: async (orgId: string, id: string, seconds: number): Promise<Date> => {
      const [row] = await db('connection_tokens')
        .where({ org_id: orgId, id })
        .update({ expires_at: db.raw("least(expires_at, now() + ? * interval '1 second')", [seconds]) })
        .returning<{ expires_at: Date }[]>('expires_at')
      if (!row) throw new Error(`token ${id} vanished while it was locked`)
      return row.expires_at
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
