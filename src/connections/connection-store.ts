import type { ProfileName } from '../contract/connection.js'
import type { Knex } from '../platform/db/open.js'
import { isId } from '../platform/ids.js'
import type { Connection } from './model.js'

type Row = {
  id: string
  name: string
  profile: string
  status: string
  version: number
  created_at: Date
}

const columns = ['id', 'name', 'profile', 'status', 'version', 'created_at']

const toConnection = (row: Row): Connection => ({
  id: row.id,
  kind: 'scim',
  name: row.name,
  profile: row.profile as ProfileName,
  status: row.status as Connection['status'],
  version: row.version,
  createdAt: row.created_at,
})

export function connectionStore(db: Knex) {
  const query = (orgId: string) => db('connections').where({ org_id: orgId, kind: 'scim' }).select<Row[]>(columns).orderBy('name')

  return {
    insert: async (orgId: string, connection: Connection): Promise<void> => {
      await db('connections').insert({
        org_id: orgId,
        id: connection.id,
        kind: connection.kind,
        name: connection.name,
        profile: connection.profile,
        status: connection.status,
        version: connection.version,
        created_at: connection.createdAt,
        updated_at: connection.createdAt,
      })
    },

    find: async (orgId: string, idOrName: string): Promise<Connection | undefined> => {
      const [row] = await query(orgId).where(isId(idOrName) ? { id: idOrName } : { name: idOrName })
      return row && toConnection(row)
    },

    list: async (orgId: string): Promise<Connection[]> => (await query(orgId)).map(toConnection),

    /** Reads a connection and keeps other changes of it and of its tokens waiting until this one ends. */
    lock: async (orgId: string, id: string): Promise<Connection | undefined> => {
      const [row] = await query(orgId).where({ id }).forNoKeyUpdate()
      return row && toConnection(row)
    },

    setStatus: async (orgId: string, id: string, status: Connection['status'], at: Date): Promise<void> => {
      const version = db.raw('version + 1')
      await db('connections').where({ org_id: orgId, id }).update({ status, version, updated_at: at })
    },
  }
}
