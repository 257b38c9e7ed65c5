import type { TokenScope } from '../contract/token.js'
import type { Knex } from '../platform/db/open.js'
import { isId } from '../platform/ids.js'
import type { ConnectionClient } from './model.js'

type Row = {
  id: string
  connection_id: string
  name: string
  hint: string
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

const columns = ['id', 'connection_id', 'name', 'hint', 'scopes', 'created_at', 'last_used_at', 'revoked_at']

const toClient = (row: Row): ConnectionClient => ({
  id: row.id,
  connectionId: row.connection_id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes as TokenScope[],
  state: row.revoked_at ? 'revoked' : 'live',
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

/** OAuth 2.0 clients of connections, and the access tokens they drew. */
export function clientStore(db: Knex) {
  const query = (orgId: string, connectionId: string) =>
    db('connection_clients').where({ org_id: orgId, connection_id: connectionId }).select<Row[]>(columns).orderBy('id')

  return {
    insert: async (orgId: string, client: ConnectionClient, hash: Buffer): Promise<void> => {
      await db('connection_clients').insert({
        org_id: orgId,
        id: client.id,
        connection_id: client.connectionId,
        name: client.name,
        hint: client.hint,
        hash,
        scopes: [...client.scopes],
        created_at: client.createdAt,
      })
    },

    /** In order of creation, revoked ones included. */
    list: async (orgId: string, connectionId: string): Promise<ConnectionClient[]> =>
      (await query(orgId, connectionId)).map(toClient),

    find: async (orgId: string, connectionId: string, id: string): Promise<ConnectionClient | undefined> => {
      const [row] = isId(id) ? await query(orgId, connectionId).where({ id }) : []
      return row && toClient(row)
    },

    /** Ends a client and what it drew. */
    revoke: async (orgId: string, id: string, at: Date): Promise<void> => {
      await db('connection_clients').where({ org_id: orgId, id }).update({ revoked_at: at })
      await db('connection_access_tokens').where({ org_id: orgId, client_id: id }).delete()
    },

    /** Stores an access token, notes the client's use, and drops what expired and what is beyond the newest `most`. */
    addAccessToken: async (
      orgId: string,
      clientId: string,
      token: { id: string; hash: Buffer; scopes: readonly string[]; seconds: number; most: number },
    ): Promise<void> => {
      const { id, hash, scopes, seconds, most } = token
      // The row of the client keeps two draws at once apart, so neither drops too little.
      await db('connection_clients').where({ org_id: orgId, id: clientId }).update({ last_used_at: db.fn.now() })
      const expires = db.raw("now() + ? * interval '1 second'", [seconds])
      await db('connection_access_tokens').insert({
        org_id: orgId,
        id,
        client_id: clientId,
        hash,
        scopes: [...scopes],
        expires_at: expires,
      })
      await db.raw(
        `delete from connection_access_tokens where org_id = ? and client_id = ? and (expires_at <= now() or id not in (
          select newest.id from connection_access_tokens newest where newest.org_id = ? and newest.client_id = ?
          order by newest.id desc limit ?
        ))`,
        [orgId, clientId, orgId, clientId, most],
      )
    },
  }
}
