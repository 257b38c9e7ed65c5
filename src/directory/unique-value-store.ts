import type { Knex } from '../platform/db/open.js'

type Key = { readonly attribute: string; readonly valueKey: string }

export function uniqueValueStore(db: Knex) {
  return {
    /** Removes the owner's rows that are not among `kept`. */
    keepOnly: async (orgId: string, ownerId: string, kept: readonly Key[]): Promise<void> => {
      const own = db('unique_values').where({ org_id: orgId, owner_id: ownerId })
      if (kept.length > 0)
        own.whereNotIn(
          ['attribute', 'value_key'],
          kept.map((key) => [key.attribute, key.valueKey]),
        )
      await own.delete()
    },

    /** Inserts the rows; returns the attribute whose value another owner has, if any. */
    claim: async (orgId: string, ownerId: string, keys: readonly Key[]): Promise<string | undefined> => {
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
  }
}
