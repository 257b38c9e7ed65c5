import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { JsonObject } from '../platform/json.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import { foldDocument } from './fold.js'
import type { CompiledWalk } from './keyset.js'
import type { CustomResource, Listed, Page, Scope } from './model.js'
import { type Walked, walkRows } from './walk-store.js'

type Row = {
  id: string
  external_id: string | null
  profile: JsonObject
  version: number
  created_at: Date
  updated_at: Date
}

const columns = 'r.id, r.external_id, r.profile, r.version, r.created_at, r.updated_at'
const visible = 'r.org_id = $1 and r.managed_by = $2 and r.type_id = $3 and r.deleted_at is null'
const findSql = `select ${columns} from custom_resources r where ${visible} and r.id = $4`

const toResource = (row: Row): CustomResource => ({
  id: row.id,
  externalId: row.external_id,
  profile: row.profile,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const derived = ({ externalId, profile }: CustomResource) => ({
  external_id: externalId,
  profile: JSON.stringify(profile),
  search: JSON.stringify(foldDocument(profile)),
})

/** Resources of one declared type. */
export function customResourceStore(db: Knex, typeId: string) {
  const matching = ({ orgId, connectionId }: Scope, where: CompiledPredicate): CompiledPredicate => ({
    sql: `custom_resources r where r.org_id = ? and r.managed_by = ? and r.type_id = ? and r.deleted_at is null and (${where.sql})`,
    bindings: [orgId, connectionId, typeId, ...where.bindings],
  })

  return {
    find: async (scope: Scope, id: string): Promise<CustomResource | undefined> => {
      const [row] = await prepared<Row>(db, 'resource-find', findSql, [scope.orgId, scope.connectionId, typeId, id])
      return row && toResource(row)
    },

    /** Reads the row and keeps it from other writers until the change ends. */
    lock: async (scope: Scope, id: string): Promise<CustomResource | undefined> => {
      const values = [scope.orgId, scope.connectionId, typeId, id]
      const [row] = await prepared<Row>(db, 'resource-lock', `${findSql} for no key update`, values)
      return row && toResource(row)
    },

    list: async (scope: Scope, where: CompiledPredicate, order: CompiledOrder, page: Page): Promise<Listed<CustomResource>> => {
      const rows = matching(scope, where)
      const counted = await db.raw(`select count(*) as total from ${rows.sql}`, rows.bindings)
      const total = Number(counted.rows[0].total)
      if (page.limit === 0 || page.offset >= total) return { total, items: [] }
      const sql = `select ${columns} from ${rows.sql} order by ${order.sql} limit ? offset ?`
      const found = await db.raw(sql, [...rows.bindings, ...order.bindings, page.limit, page.offset])
      return { total, items: (found.rows as Row[]).map(toResource) }
    },

    walk: async (scope: Scope, where: CompiledPredicate, walk: CompiledWalk, limit: number): Promise<Walked<CustomResource>> => {
      const walked = await walkRows<Row>(db, { columns, rows: matching(scope, where) }, walk, limit)
      return { ...walked, items: walked.items.map(toResource) }
    },

    /** How many there are of the type, whoever manages them. */
    count: async (orgId: string): Promise<number> => {
      const [row] = await db('custom_resources')
        .where({ org_id: orgId, type_id: typeId, deleted_at: null })
        .count<{ count: string }[]>()
      return Number(row?.count ?? 0)
    },

    insert: async (scope: Scope, resource: CustomResource): Promise<void> => {
      await db('custom_resources').insert({
        org_id: scope.orgId,
        id: resource.id,
        type_id: typeId,
        managed_by: scope.connectionId,
        version: resource.version,
        created_at: resource.createdAt,
        updated_at: resource.updatedAt,
        ...derived(resource),
      })
    },

    update: async (scope: Scope, resource: CustomResource): Promise<void> => {
      await db('custom_resources')
        .where({ org_id: scope.orgId, id: resource.id })
        .update({ version: resource.version, updated_at: resource.updatedAt, ...derived(resource) })
    },

    /** Leaves a tombstone; the externalId is free. */
    bury: async (scope: Scope, id: string, at: Date): Promise<void> => {
      await db('custom_resources')
        .where({ org_id: scope.orgId, id })
        .update({ deleted_at: at, updated_at: at, version: db.raw('version + 1') })
    },
  }
}
