import type { ProfileName } from '../contract/connection.js'
import { brakeDefaults } from '../contract/connection-settings.js'
import type { Knex } from '../platform/db/open.js'
import { isId } from '../platform/ids.js'
import type { JsonObject } from '../platform/json.js'
import type { BrakeSettings, Connection, Pause, Verdict } from './model.js'

type Row = {
  id: string
  name: string
  profile: string
  status: string
  paused_by: Pause['by'] | null
  pause_reason: string | null
  requests_per_second: number | null
  allowed_from: string[]
  brake: Partial<BrakeSettings>
  brake_verdict: Verdict['kind'] | null
  brake_verdict_until: Date | null
  version: number
  created_at: Date
}

/** A connection's name, its profile, and the switches that it sets differently. */
export type Dialect = { readonly name: string; readonly profile: ProfileName; readonly switches: JsonObject }

const columns = [
  'id',
  'name',
  'profile',
  'status',
  'paused_by',
  'pause_reason',
  'requests_per_second',
  'allowed_from',
  'brake',
  'version',
  'created_at',
]

// The database's clock decides how long a verdict holds, for all processes alike.
const verdict = ['brake_verdict', 'brake_verdict_until'].map(
  (column) => `case when brake_verdict_until > now() then ${column} end as ${column}`,
)

const toConnection = (row: Row): Connection => ({
  id: row.id,
  kind: 'scim',
  name: row.name,
  profile: row.profile as ProfileName,
  status: row.status as Connection['status'],
  pause: row.paused_by && { by: row.paused_by, reason: row.pause_reason },
  requestsPerSecond: row.requests_per_second,
  allowedFrom: row.allowed_from,
  brake: { ...brakeDefaults, ...row.brake },
  verdict: row.brake_verdict && row.brake_verdict_until && { kind: row.brake_verdict, until: row.brake_verdict_until },
  version: row.version,
  createdAt: row.created_at,
})

export function connectionStore(db: Knex) {
  const query = (orgId: string) =>
    db('connections')
      .where({ org_id: orgId, kind: 'scim' })
      .select<Row[]>([...columns, ...verdict.map((column) => db.raw(column))])
      .orderBy('name')

  const update = async (orgId: string, id: string, at: Date, fields: Record<string, unknown>): Promise<void> => {
    await db('connections')
      .where({ org_id: orgId, id })
      .update({ ...fields, version: db.raw('version + 1'), updated_at: at })
  }

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

    /** How the connection speaks. */
    dialect: async (orgId: string, id: string): Promise<Dialect | undefined> => {
      const [row] = await db('connections').where({ org_id: orgId, id }).select<Dialect[]>(['name', 'profile', 'switches'])
      return row
    },

    list: async (orgId: string): Promise<Connection[]> => (await query(orgId)).map(toConnection),

    /** Reads a connection and keeps other changes of it and of its tokens waiting until this one ends. */
    lock: async (orgId: string, id: string): Promise<Connection | undefined> => {
      const [row] = await query(orgId).where({ id }).forNoKeyUpdate()
      return row && toConnection(row)
    },

    /** Active where there is no pause. */
    setPause: (orgId: string, id: string, pause: Pause | null, at: Date): Promise<void> =>
      update(orgId, id, at, {
        status: pause ? 'paused' : 'active',
        paused_by: pause?.by ?? null,
        pause_reason: pause?.reason ?? null,
      }),

    /** Lets a verdict hold for some hours from now. */
    setVerdict: (orgId: string, id: string, given: { kind: Verdict['kind']; hours: number }, at: Date): Promise<void> =>
      update(orgId, id, at, {
        brake_verdict: given.kind,
        brake_verdict_until: db.raw("now() + ? * interval '1 hour'", [given.hours]),
      }),

    configure: (
      orgId: string,
      id: string,
      { requestsPerSecond, allowedFrom, brake }: Pick<Connection, 'requestsPerSecond' | 'allowedFrom' | 'brake'>,
      at: Date,
    ): Promise<void> =>
      update(orgId, id, at, {
        requests_per_second: requestsPerSecond,
        allowed_from: [...allowedFrom],
        brake: JSON.stringify(brake),
      }),
  }
}
