import { brakeDefaults } from '../contract/connection-settings.js'
import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { BrakeSettings, Verdict } from './model.js'

/** What the brake asks inside a change: the connection's thresholds and who left by it within the last hour. */

export type BrakeRules = {
  readonly name: string
  readonly settings: BrakeSettings
  /** The verdict that holds now. */
  readonly verdict: Verdict['kind'] | null
}

const rulesSql = `
  select c.name, c.brake, case when c.brake_verdict_until > now() then c.brake_verdict end as verdict
  from connections c where c.org_id = $1 and c.id = $2`

// The window is an hour of the database's clock.
const past = "now() - interval '1 hour'"

const noteSql = `
  with gone as (
    delete from connection_departures d where d.org_id = $1 and d.connection_id = $2
      and (d.user_id = any($4::uuid[]) or d.at <= ${past} and d.user_id <> all($3::uuid[]))
  )
  insert into connection_departures as d (org_id, connection_id, user_id, at)
  select $1, $2, w.user_id, now() from unnest($3::uuid[]) as w (user_id)
  on conflict (org_id, connection_id, user_id) do update set at = excluded.at where d.at <= ${past}`

const countSql = `
  select count(*) as total from connection_departures d where d.org_id = $1 and d.connection_id = $2 and d.at > ${past}`

type RulesRow = { name: string; brake: Partial<BrakeSettings>; verdict: Verdict['kind'] | null }

export function brakeStore(db: Knex) {
  return {
    rules: async (orgId: string, connectionId: string): Promise<BrakeRules> => {
      const [row] = await prepared<RulesRow>(db, 'brake-rules', rulesSql, [orgId, connectionId])
      if (!row) throw new Error(`the connection ${connectionId} is not there`)
      return { name: row.name, settings: { ...brakeDefaults, ...row.brake }, verdict: row.verdict }
    },

    /** Keeps every other change that counts departures of the connection waiting until this one ends. */
    lockDepartures: async (connectionId: string): Promise<void> => {
      await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`departures ${connectionId}`])
    },

    /** Notes who left and forgets who does not count; returns how many left within the window. */
    noteDepartures: async (
      orgId: string,
      connectionId: string,
      { left, cleared }: { left: readonly string[]; cleared: readonly string[] },
    ): Promise<number> => {
      await prepared(db, 'departures-note', noteSql, [orgId, connectionId, left, cleared])
      const [row] = await prepared<{ total: number }>(db, 'departures-count', countSql, [orgId, connectionId])
      return row?.total ?? 0
    },

    forgetDepartures: async (orgId: string, connectionId: string): Promise<void> => {
      await db('connection_departures').where({ org_id: orgId, connection_id: connectionId }).delete()
    },
  }
}
