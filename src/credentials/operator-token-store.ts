import type { Knex } from '../platform/db/open.js'
import type { OperatorToken } from './model.js'

type Row = {
  id: string
  name: string
  hint: string
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
  state: string
}

const columns = ['id', 'name', 'hint', 'created_at', 'expires_at', 'last_used_at', 'revoked_at']

const state = "case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end as state"

const toToken = (row: Row): OperatorToken => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  state: row.state as OperatorToken['state'],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

export function operatorTokenStore(db: Knex) {
  const query = () =>
    db('operator_tokens')
      .select<Row[]>([...columns, db.raw(state)])
      .orderBy('id')

  return {
    insert: async (token: OperatorToken, hash: Buffer): Promise<void> => {
      const { id, name, hint, createdAt, expiresAt } = token
      await db('operator_tokens').insert({ id, name, hint, hash, created_at: createdAt, expires_at: expiresAt })
    },

    list: async (): Promise<OperatorToken[]> => (await query()).map(toToken),

    lock: async (id: string): Promise<OperatorToken | undefined> => {
      const [row] = await query().where({ id }).forUpdate()
      return row && toToken(row)
    },

    findLive: async (hash: Buffer): Promise<OperatorToken | undefined> => {
      const [row] = await query().where({ hash })
      const token = row && toToken(row)
      return token?.state === 'live' ? token : undefined
    },

    revoke: async (id: string, at: Date): Promise<void> => {
      await db('operator_tokens').where({ id }).update({ revoked_at: at })
    },

    /** Notes a use, at most once a minute. */
    touch: async (id: string): Promise<void> => {
      await db('operator_tokens')
        .where({ id })
        .whereRaw("coalesce(last_used_at, 'epoch') < now() - interval '1 minute'")
        .update({ last_used_at: db.fn.now() })
    },
  }
}
