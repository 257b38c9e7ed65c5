import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { JsonObject } from '../platform/json.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import { fold, foldDocument } from './fold.js'
import type { CompiledWalk } from './keyset.js'
import type { Group, Listed, Page, Scope } from './model.js'
import { pageRows } from './page-store.js'
import { type Walked, walkRows } from './walk-store.js'

type Row = {
  id: string
  display_name: string
  external_id: string | null
  profile: JsonObject
  version: number
  created_at: Date
  updated_at: Date
}

const columns = 'g.id, g.display_name, g.external_id, g.profile, g.version, g.created_at, g.updated_at'
// The order of a list that nobody asked to sort.
const byId = 'g.id'
const visible = 'g.org_id = $1 and g.managed_by = $2 and g.deleted_at is null'
const findSql = `select ${columns} from groups g where ${visible} and g.id = $3`

const matching = ({ orgId, connectionId }: Scope, where: CompiledPredicate): CompiledPredicate => ({
  sql: `groups g where g.org_id = ? and g.managed_by = ? and g.deleted_at is null and (${where.sql})`,
  bindings: [orgId, connectionId, ...where.bindings],
})

const toGroup = (row: Row): Group => ({
  id: row.id,
  displayName: row.display_name,
  externalId: row.external_id,
  profile: row.profile,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const derived = (group: Group) => ({
  display_name: group.displayName,
  display_name_key: fold(group.displayName),
  external_id: group.externalId,
  profile: JSON.stringify(group.profile),
  search: JSON.stringify(foldDocument(group.profile)),
})

export function groupStore(db: Knex) {
  return {
    find: async (scope: Scope, id: string): Promise<Group | undefined> => {
      const [row] = await prepared<Row>(db, 'group-find', findSql, [scope.orgId, scope.connectionId, id])
      return row && toGroup(row)
    },

    /** Reads the row and keeps it from other writers until the change ends. */
    lock: async (scope: Scope, id: string): Promise<Group | undefined> => {
      const values = [scope.orgId, scope.connectionId, id]
      const [row] = await prepared<Row>(db, 'group-lock', `${findSql} for no key update`, values)
      return row && toGroup(row)
    },

    list: async (scope: Scope, where: CompiledPredicate, order: CompiledOrder, page: Page): Promise<Listed<Group>> => {
      const name = where.point && order.sql === byId ? `group-page ${where.point}` : undefined
      const { total, items } = await pageRows<Row>(db, { columns, rows: matching(scope, where), name }, order, page)
      return { total, items: items.map(toGroup) }
    },

    walk: async (scope: Scope, where: CompiledPredicate, walk: CompiledWalk, limit: number): Promise<Walked<Group>> => {
      const walked = await walkRows<Row>(db, { columns, rows: matching(scope, where) }, walk, limit)
      return { ...walked, items: walked.items.map(toGroup) }
    },

    /**
     * Whether a group of this name stands already; the name is reserved for this change until it ends. Two groups that the provider
     * itself tells apart (each with its own externalId) may share a name.
     */
    nameTaken: async (scope: Scope, group: Group): Promise<boolean> => {
      const key = fold(group.displayName)
      await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`group name ${scope.connectionId} ${key}`])
      const found = await db('groups')
        .where({ org_id: scope.orgId, managed_by: scope.connectionId, display_name_key: key, deleted_at: null })
        .whereNot({ id: group.id })
        .where((same) => (group.externalId === null ? same : same.whereNull('external_id')))
        .select('id')
        .limit(1)
      return found.length > 0
    },

    insert: async (scope: Scope, group: Group): Promise<void> => {
      await db('groups').insert({
        org_id: scope.orgId,
        id: group.id,
        managed_by: scope.connectionId,
        version: group.version,
        created_at: group.createdAt,
        updated_at: group.updatedAt,
        ...derived(group),
      })
    },

    update: async (scope: Scope, group: Group): Promise<void> => {
      await db('groups')
        .where({ org_id: scope.orgId, id: group.id })
        .update({ version: group.version, updated_at: group.updatedAt, ...derived(group) })
    },

    bury: async (scope: Scope, id: string, at: Date): Promise<void> => {
      await db('groups')
        .where({ org_id: scope.orgId, id })
        .update({ deleted_at: at, updated_at: at, version: db.raw('version + 1') })
    },
  }
}
