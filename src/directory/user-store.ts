import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { JsonObject } from '../platform/json.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import { fold, foldDocument } from './fold.js'
import type { CompiledWalk } from './keyset.js'
import type { GroupOfUser, Listed, Page, Scope, User, UserInput, UserWithGroups } from './model.js'
import { pageRows } from './page-store.js'
import { type GroupRow, groupsOfUserSql, toGroups } from './user-groups-store.js'
import { type Walked, walkRows } from './walk-store.js'

type Row = {
  id: string
  user_name: string
  active: boolean
  external_id: string | null
  profile: JsonObject
  version: number
  epoch: number
  created_at: Date
  updated_at: Date
}

type RowWithGroups = Row & { groups: readonly GroupRow[] | null }

const columns = 'u.id, u.user_name, u.active, u.profile, u.version, u.epoch, u.created_at, u.updated_at, i.external_id'

// A user is visible to the connection that manages it; the identity row of that connection carries its externalId.
const from = `users u left join identities i
  on i.org_id = u.org_id and i.user_id = u.id and i.connection_id = u.managed_by and i.closed_by is null`

// The order of a list that nobody asked to sort.
const byId = 'u.id'

const visible = 'u.org_id = $1 and u.managed_by = $2 and u.deleted_at is null'

const columnsWithGroups = `${columns}, ${groupsOfUserSql} as groups`

const findSql = `select ${columnsWithGroups} from ${from} where ${visible} and u.id = $3`

const createSql = `
  with created as (
    insert into users (org_id, id, managed_by, version, epoch, created_at, updated_at, user_name, user_name_key, display_name_key, active,
      profile, search)
    values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12)
  ), linked as (
    insert into identities (org_id, id, user_id, connection_id, external_id, opened_by) values ($1, $14, $2, $3, $13, $16)
  )
  insert into user_states (org_id, id, user_id, user_name, active, managed_by, profile, opened_by)
  values ($1, $15, $2, $7, $10, $3, $11, $16)`

const toUser = (row: Row): User => ({
  id: row.id,
  userName: row.user_name,
  active: row.active,
  externalId: row.external_id,
  profile: row.profile,
  version: row.version,
  epoch: row.epoch,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

// Organization and connection come first: what reads the groups knows them as $1 and $2.
const matching = (table: string, { orgId, connectionId }: Scope, where: CompiledPredicate): CompiledPredicate => ({
  sql: `${table} where u.org_id = ? and u.managed_by = ? and u.deleted_at is null and (${where.sql})`,
  bindings: [orgId, connectionId, ...where.bindings],
})

/** The key by which user names are unique and found: folded, without space around it. */
function userNameKey(userName: string): string {
  return fold(userName.trim())
}

const derived = (input: Pick<UserInput, 'userName' | 'profile' | 'active'>) => ({
  user_name: input.userName,
  user_name_key: userNameKey(input.userName),
  display_name_key: typeof input.profile.displayName === 'string' ? fold(input.profile.displayName) : null,
  active: input.active,
  profile: JSON.stringify(input.profile),
  search: JSON.stringify(foldDocument(input.profile)),
})

export function userStore(db: Knex) {
  return {
    find: async (scope: Scope, id: string): Promise<{ user: User; groups: GroupOfUser[] } | undefined> => {
      const [row] = await prepared<RowWithGroups>(db, 'user-find', findSql, [scope.orgId, scope.connectionId, id])
      return row && { user: toUser(row), groups: toGroups(row.groups ?? []) }
    },

    list: async (scope: Scope, where: CompiledPredicate, order: CompiledOrder, page: Page): Promise<Listed<UserWithGroups>> => {
      const rows = matching(from, scope, where)
      if (where.point && order.sql === byId) {
        const source = { columns: columnsWithGroups, rows, name: `user-page ${where.point}` }
        const { total, items } = await pageRows<RowWithGroups>(db, source, order, page)
        return { total, items: items.map((row) => ({ ...toUser(row), groups: toGroups(row.groups ?? []) })) }
      }
      // A left join on one row at most changes no count, which PostgreSQL cannot see through a partial index.
      const counted = where.sql.includes('i.external_id') ? rows : matching('users u', scope, where)
      const { total, items } = await pageRows<Row>(db, { columns, rows, counted }, order, page)
      return { total, items: items.map(toUser) }
    },

    walk: async (scope: Scope, where: CompiledPredicate, walk: CompiledWalk, limit: number): Promise<Walked<User>> => {
      const walked = await walkRows<Row>(db, { columns, rows: matching(from, scope, where) }, walk, limit)
      return { ...walked, items: walked.items.map(toUser) }
    },

    /** The id of whoever has this userName, compared as its uniqueness is. */
    idOf: async (scope: Scope, userName: string): Promise<string | undefined> => {
      const named = {
        org_id: scope.orgId,
        managed_by: scope.connectionId,
        user_name_key: userNameKey(userName),
        deleted_at: null,
      }
      const [row] = await db('users').where(named).select<{ id: string }[]>('id')
      return row?.id
    },

    /** Reads the row and keeps it from other writers until the change ends; `for update` also keeps new memberships away. */
    lock: async (scope: Scope, id: string, strength: 'for no key update' | 'for update'): Promise<User | undefined> => {
      const rows = await prepared<Row>(
        db,
        `user-lock ${strength}`,
        `select ${columns} from ${from} where ${visible} and u.id = $3 ${strength} of u`,
        [scope.orgId, scope.connectionId, id],
      )
      return rows[0] && toUser(rows[0])
    },

    countActive: async (scope: Scope, most: number): Promise<number> => {
      const sql = `select count(*) as total from (select 1 from users u where ${visible} and u.active limit $3) counted`
      const [row] = await prepared<{ total: number }>(db, 'users-count-active', sql, [scope.orgId, scope.connectionId, most])
      return row?.total ?? 0
    },

    /** Writes the user, its link to the scope's connection and its first state, in one round trip. */
    create: async (scope: Scope, user: User, ids: { identity: string; state: string; change: string }): Promise<void> => {
      const row = derived(user)
      await prepared(db, 'user-create', createSql, [
        scope.orgId,
        user.id,
        scope.connectionId,
        user.version,
        user.epoch,
        user.createdAt,
        row.user_name,
        row.user_name_key,
        row.display_name_key,
        row.active,
        row.profile,
        row.search,
        user.externalId,
        ids.identity,
        ids.state,
        ids.change,
      ])
    },

    update: async (scope: Scope, user: User): Promise<void> => {
      await db('users')
        .where({ org_id: scope.orgId, id: user.id })
        .update({ version: user.version, epoch: user.epoch, updated_at: user.updatedAt, ...derived(user) })
    },

    /** Leaves a tombstone: the row stays for history, its names are free. */
    bury: async (scope: Scope, id: string, at: Date): Promise<void> => {
      await db('users')
        .where({ org_id: scope.orgId, id })
        .update({ deleted_at: at, updated_at: at, active: false, epoch: db.raw('epoch + 1'), version: db.raw('version + 1') })
    },
  }
}
