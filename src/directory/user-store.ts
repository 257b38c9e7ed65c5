import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { JsonObject } from '../platform/json.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import { fold, foldDocument } from './fold.js'
import type { CompiledWalk } from './keyset.js'
import type { GroupOfUser, Listed, Page, Scope, User, UserInput } from './model.js'
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

const columns = 'u.id, u.user_name, u.active, u.profile, u.version, u.epoch, u.created_at, u.updated_at, i.external_id'

// A user is visible to the connection that manages it; the identity row of that connection carries its externalId.
const from = `users u left join identities i
  on i.org_id = u.org_id and i.user_id = u.id and i.connection_id = u.managed_by and i.closed_by is null`

const visible = 'u.org_id = $1 and u.managed_by = $2 and u.deleted_at is null'

// Direct groups, then the groups these are nested in; union keeps a set, so a cycle ends by itself.
const groupsOf = (user: string) => `
  with recursive up (group_id, depth) as (
    select m.group_id, 1 from memberships m where m.org_id = $1 and m.user_id = ${user} and m.closed_by is null
    union
    select m.group_id, 2 from memberships m join up on m.child_group_id = up.group_id where m.org_id = $1 and m.closed_by is null
  )
  select g.id, g.display_name, min(up.depth) as depth from up join groups g on g.org_id = $1 and g.id = up.group_id
  where g.managed_by = $2 and g.deleted_at is null group by g.id, g.display_name order by g.id`

const findSql = `select ${columns}, (
    select json_agg(json_build_array(o.id, o.display_name, o.depth)) from (${groupsOf('u.id')}) o
  ) as groups
  from ${from} where ${visible} and u.id = $3`

const groupsOfManySql = `select w.id as user_id, o.id, o.display_name, o.depth
  from unnest($3::uuid[]) as w (id), lateral (${groupsOf('w.id')}) o`

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

const toGroup = (id: string, displayName: string, depth: number): GroupOfUser => ({
  id,
  displayName,
  type: depth === 1 ? 'direct' : 'indirect',
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
      const rows = await prepared<Row & { groups: [string, string, number][] | null }>(db, 'user-find', findSql, [
        scope.orgId,
        scope.connectionId,
        id,
      ])
      const row = rows[0]
      return row && { user: toUser(row), groups: (row.groups ?? []).map((group) => toGroup(...group)) }
    },

    groupsOf: async (scope: Scope, userIds: readonly string[]): Promise<Map<string, GroupOfUser[]>> => {
      const found = new Map<string, GroupOfUser[]>(userIds.map((id) => [id, []]))
      const rows = await prepared<{ user_id: string; id: string; display_name: string; depth: number }>(
        db,
        'user-groups',
        groupsOfManySql,
        [scope.orgId, scope.connectionId, userIds],
      )
      for (const row of rows) found.get(row.user_id)?.push(toGroup(row.id, row.display_name, row.depth))
      return found
    },

    list: async (scope: Scope, where: CompiledPredicate, order: CompiledOrder, page: Page): Promise<Listed<User>> => {
      const matching = (selected: string) =>
        `select ${selected} from ${from} where u.org_id = ? and u.managed_by = ? and u.deleted_at is null and (${where.sql})`
      const bindings = [scope.orgId, scope.connectionId, ...where.bindings]
      const counted = await db.raw(matching('count(*) as total'), bindings)
      const total = Number(counted.rows[0].total)
      if (page.limit === 0 || page.offset >= total) return { total, items: [] }
      const sql = `${matching(columns)} order by ${order.sql} limit ? offset ?`
      const found = await db.raw(sql, [...bindings, ...order.bindings, page.limit, page.offset])
      return { total, items: (found.rows as Row[]).map(toUser) }
    },

    walk: async (scope: Scope, where: CompiledPredicate, walk: CompiledWalk, limit: number): Promise<Walked<User>> => {
      const rows = {
        sql: `${from} where u.org_id = ? and u.managed_by = ? and u.deleted_at is null and (${where.sql})`,
        bindings: [scope.orgId, scope.connectionId, ...where.bindings],
      }
      const walked = await walkRows<Row>(db, { columns, rows }, walk, limit)
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

    insert: async (scope: Scope, user: User): Promise<void> => {
      await db('users').insert({
        org_id: scope.orgId,
        id: user.id,
        managed_by: scope.connectionId,
        version: user.version,
        epoch: user.epoch,
        created_at: user.createdAt,
        updated_at: user.updatedAt,
        ...derived(user),
      })
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
