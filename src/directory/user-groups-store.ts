import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { GroupOfUser, Scope } from './model.js'

/**
 * The groups users are in: direct ones, then those that these are nested in (RFC 7643 §4.1.2). `union` keeps a set, so a cycle ends by
 * itself. Each step is looked up one by one (`offset 0`): a join could make PostgreSQL read all memberships.
 */

const above = `lateral (
    select m.group_id from memberships m where m.org_id = $1 and m.child_group_id = up.group_id and m.closed_by is null offset 0
  ) nest`

/**
 * Rows of id, name and depth, as one JSON list, for the user `u.id` in a statement whose `$1` is the organization and whose `$2` the
 * connection; the same group may be there as direct and as indirect.
 */
export const groupsOfUserSql = `(
  with recursive up (group_id, depth) as (
    select m.group_id, 1 from memberships m where m.org_id = $1 and m.user_id = u.id and m.closed_by is null
    union
    select nest.group_id, 2 from up, ${above}
  )
  select json_agg(json_build_array(g.id, g.display_name, up.depth)) from up join groups g on g.org_id = $1 and g.id = up.group_id
  where g.managed_by = $2 and g.deleted_at is null)`

export type GroupRow = readonly [id: string, displayName: string, depth: number]

// The ids come as JSON, of which PostgreSQL expects a fixed number: by the length of an array it would make a new plan every time.
const groupsOfManySql = `
  with recursive up (user_id, group_id, depth) as (
    select w.id::uuid, direct.group_id, 1 from json_array_elements_text($3::json) as w (id), lateral (
      select m.group_id from memberships m where m.org_id = $1 and m.user_id = w.id::uuid and m.closed_by is null offset 0
    ) direct
    union
    select up.user_id, nest.group_id, 2 from up, ${above}
  )
  select up.user_id, g.id, g.display_name, up.depth from up join groups g on g.org_id = $1 and g.id = up.group_id
  where g.managed_by = $2 and g.deleted_at is null`

const byId = (a: GroupOfUser, b: GroupOfUser): number => (a.id < b.id ? -1 : 1)

/** Every group once, as direct where it is both, in the order of ids. */
export function toGroups(rows: readonly GroupRow[]): GroupOfUser[] {
  const groups = new Map<string, GroupOfUser>()
  for (const [id, displayName, depth] of rows) {
    if (depth === 1 || !groups.has(id)) groups.set(id, { id, displayName, type: depth === 1 ? 'direct' : 'indirect' })
  }
  return [...groups.values()].sort(byId)
}

export function userGroupsStore(db: Knex) {
  return {
    /** By user id; a user in no group has an empty list. */
    groupsOf: async (scope: Scope, userIds: readonly string[]): Promise<Map<string, GroupOfUser[]>> => {
      type Row = { user_id: string; id: string; display_name: string; depth: number }
      const rows = await prepared<Row>(db, 'user-groups', groupsOfManySql, [
        scope.orgId,
        scope.connectionId,
        JSON.stringify(userIds),
      ])
      const found = new Map<string, GroupRow[]>(userIds.map((id) => [id, []]))
      for (const row of rows) found.get(row.user_id)?.push([row.id, row.display_name, row.depth])
      return new Map([...found].map(([id, groups]) => [id, toGroups(groups)]))
    },
  }
}
