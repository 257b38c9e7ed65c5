import type { Knex } from '../platform/db/open.js'

export type UniqueKey = { readonly attribute: string; readonly valueKey: string }

export function uniqueValueStore(db: Knex) {
  return {
    /** Removes the owner's rows that are not among `kept`. */
    keepOnly: async (orgId: string, ownerId: string, kept: readonly UniqueKey[]): Promise<void> => {
      const own = db('unique_values').where({ org_id: orgId, owner_id: ownerId })
      if (kept.length > 0)
        own.whereNotIn(
          ['attribute', 'value_key'],
          kept.map((key) => [key.attribute, key.valueKey]),
        )
      await own.delete()
    },

    /** Inserts the rows; returns the attribute whose value another owner has, if any. */
    claim: async (orgId: string, ownerId: string, keys: readonly UniqueKey[]): Promise<string | undefined> => {
      const rows = keys.map((key) => ({ org_id: orgId, attribute: key.attribute, value_key: key.valueKey, owner_id: ownerId }))
      await db('unique_values').insert(rows).onConflict(['org_id', 'attribute', 'value_key']).ignore()
      const [foreign] = await db('unique_values')
        .where({ org_id: orgId })
        .whereNot({ owner_id: ownerId })
        .whereIn(
          ['attribute', 'value_key'],
          keys.map((key) => [key.attribute, key.valueKey]),
        )
        .select<{ attribute: string }[]>('attribute')
      return foreign?.attribute
    },

    /** Inserts rows of many owners, none of which may be there. */
    insert: async (orgId: string, rows: readonly (UniqueKey & { readonly ownerId: string })[]): Promise<void> => {
      if (rows.length === 0) return
      await db.raw(
        `insert into unique_values (org_id, attribute, value_key, owner_id)
         select ?, n.attribute, n.value_key, n.owner_id from unnest(?::text[], ?::text[], ?::uuid[]) as n (attribute, value_key, owner_id)`,
        [orgId, rows.map((row) => row.attribute), rows.map((row) => row.valueKey), rows.map((row) => row.ownerId)],
      )
    },
  }
}
