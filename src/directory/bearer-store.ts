import type { Knex } from '../platform/db/open.js'
import type { JsonObject } from '../platform/json.js'
import { type Bearer, liveRows, tableOf } from './bearer.js'
import { foldDocument } from './fold.js'
import { literally, sql } from './fragment.js'
import { type Misfit, misfitRows } from './misfit.js'

export type StoredDocument = { readonly id: string; readonly name: string | null; readonly profile: JsonObject }

/** Documents of whole types, for changes of a schema: whoever manages them, and many at a time. */
export function bearerStore(db: Knex, orgId: string) {
  return {
    /** How many resources have data that does not fit. */
    countMisfits: async (bearers: readonly Bearer[], misfit: Misfit): Promise<number> => {
      if (bearers.length === 0) return 0
      const rows = misfitRows(orgId, bearers, misfit)
      const counted = await db.raw(`select count(*) as total from (${rows.sql}) misfits`, rows.bindings)
      return Number(counted.rows[0].total)
    },

    /** Their ids, with the place of their bearer in the list. */
    misfits: async (bearers: readonly Bearer[], misfit: Misfit): Promise<{ id: string; place: number }[]> => {
      const rows = misfitRows(orgId, bearers, misfit)
      return (await db.raw(rows.sql, rows.bindings)).rows
    },

    /** Reads those documents and keeps them from other writers until the change ends. */
    lock: async (bearer: Bearer, ids: readonly string[]): Promise<StoredDocument[]> => {
      const label = literally(`r.${tableOf(bearer).label}`)
      const query = sql`select r.id, ${label} as name, r.profile from ${liveRows(orgId, bearer)}`
      const found = await db.raw(`${query.sql} and r.id = any(?::uuid[]) order by r.id for no key update`, [
        ...query.bindings,
        [...ids],
      ])
      return found.rows
    },

    /** The next documents by id. */
    read: async (bearer: Bearer, after: string, limit: number): Promise<StoredDocument[]> => {
      const label = literally(`r.${tableOf(bearer).label}`)
      const rows = liveRows(orgId, bearer)
      const query = sql`select r.id, ${label} as name, r.profile from ${rows} and r.id > ${after}::uuid order by r.id limit ${limit}`
      return (await db.raw(query.sql, [...query.bindings])).rows
    },

    /** Puts the documents in the place of those that stand, one version on. */
    rewrite: async (bearer: Bearer, documents: readonly StoredDocument[], at: Date): Promise<void> => {
      const rows = documents.map(({ id, profile }) => ({ id, profile, search: foldDocument(profile) }))
      await db.raw(
        `update ${tableOf(bearer).name} as r set profile = d.profile, search = d.search, version = r.version + 1, updated_at = ?
         from jsonb_to_recordset(?::jsonb) as d (id uuid, profile jsonb, search jsonb) where r.org_id = ? and r.id = d.id`,
        [at, JSON.stringify(rows), orgId],
      )
    },

    /** Frees the unique values that the bearer's resources hold under these names. */
    forgetUnique: async (bearer: Bearer, names: readonly string[]): Promise<void> => {
      const owners = liveRows(orgId, bearer)
      await db.raw(
        `delete from unique_values where org_id = ? and attribute = any(?::text[]) and owner_id in (select r.id from ${owners.sql})`,
        [orgId, [...names], ...owners.bindings],
      )
    },

    /** Closes the open states of users and opens new ones as the users now are. */
    reopenStates: async (userIds: readonly string[], ids: { states: readonly string[]; change: string }): Promise<void> => {
      await db('user_states')
        .where({ org_id: orgId, closed_by: null })
        .whereIn('user_id', [...userIds])
        .update({ closed_by: ids.change })
      await db.raw(
        `insert into user_states (org_id, id, user_id, user_name, active, managed_by, profile, opened_by)
         select u.org_id, n.state_id, u.id, u.user_name, u.active, u.managed_by, u.profile, ?
         from users u join unnest(?::uuid[], ?::uuid[]) as n (user_id, state_id) on n.user_id = u.id where u.org_id = ?`,
        [ids.change, [...userIds], [...ids.states], orgId],
      )
    },
  }
}
