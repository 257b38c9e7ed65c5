import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { CompiledPredicate } from './filter.js'
import type { Member, Scope } from './model.js'

// Members in the order they came, as far as the connection sees them: what its filters cannot find, its lists do not show.
const membersSql = (whichGroups: string) => `
  select m.group_id, m.member_id as id, m.user_id is null as is_group,
    coalesce(u.profile->>'displayName', u.user_name, n.display_name) as display_name
  from memberships m
  left join users u on u.org_id = m.org_id and u.id = m.user_id and u.managed_by = $3 and u.deleted_at is null
  left join groups n on n.org_id = m.org_id and n.id = m.child_group_id and n.managed_by = $3 and n.deleted_at is null
  where m.org_id = $1 and m.group_id = ${whichGroups} and m.closed_by is null and coalesce(u.id, n.id) is not null
  order by m.group_id, m.id`

// The rows are locked as a foreign key would lock them; a user deleted meanwhile is then seen as gone, not added as a tombstone.
const addSql = (table: 'users' | 'groups', column: 'user_id' | 'child_group_id') => `
  with wanted as (
    select t.id, w.membership_id from unnest($4::uuid[], $5::uuid[]) as w (id, membership_id)
    join ${table} t on t.org_id = $1 and t.id = w.id
    where t.managed_by = $2 and t.deleted_at is null for key share of t
  ), added as (
    insert into memberships (org_id, id, group_id, ${column}, connection_id, opened_by)
    select $1, wanted.membership_id, $3, wanted.id, $2, $6 from wanted
    on conflict (org_id, group_id, member_id, connection_id) where closed_by is null do nothing
    returning member_id
  )
  select wanted.id, added.member_id is not null as is_new from wanted left join added on added.member_id = wanted.id`

// For a list PostgreSQL makes a new plan every time, since it depends on its length; nearly always one group is asked for.
const membersOfOneSql = membersSql('$2')
const membersOfManySql = membersSql('any($2::uuid[])')

type Addition = { readonly found: string[]; readonly added: string[] }

export function membershipStore(db: Knex) {
  const add = async (
    kind: { table: 'users' | 'groups'; column: 'user_id' | 'child_group_id' },
    scope: Scope,
    groupId: string,
    wanted: { memberIds: readonly string[]; rowIds: readonly string[]; change: string },
  ): Promise<Addition> => {
    const values = [scope.orgId, scope.connectionId, groupId, wanted.memberIds, wanted.rowIds, wanted.change]
    const rows = await prepared<{ id: string; is_new: boolean }>(
      db,
      `members-add ${kind.table}`,
      addSql(kind.table, kind.column),
      values,
    )
    return { found: rows.map((row) => row.id), added: rows.filter((row) => row.is_new).map((row) => row.id) }
  }

  return {
    /** Adds those of the ids that name users the scope sees; says which it found and which were new. */
    addUsers: (scope: Scope, groupId: string, wanted: Parameters<typeof add>[3]) =>
      add({ table: 'users', column: 'user_id' }, scope, groupId, wanted),

    addGroups: (scope: Scope, groupId: string, wanted: Parameters<typeof add>[3]) =>
      add({ table: 'groups', column: 'child_group_id' }, scope, groupId, wanted),

    /** Closes the scope's own memberships of these members; returns the ids that were members. */
    close: async (scope: Scope, groupId: string, memberIds: readonly string[], change: string): Promise<string[]> => {
      const rows = await prepared<{ member_id: string }>(
        db,
        'members-close',
        `update memberships set closed_by = $5
         where org_id = $1 and connection_id = $2 and group_id = $3 and member_id = any($4::uuid[]) and closed_by is null
         returning member_id`,
        [scope.orgId, scope.connectionId, groupId, memberIds, change],
      )
      return rows.map((row) => row.member_id)
    },

    /** Closes the scope's own memberships that are not among `kept`. */
    closeExcept: async (scope: Scope, groupId: string, kept: readonly string[], change: string): Promise<string[]> => {
      const rows = await prepared<{ member_id: string }>(
        db,
        'members-close-except',
        `update memberships set closed_by = $5
         where org_id = $1 and connection_id = $2 and group_id = $3 and closed_by is null
           and not exists (select 1 from unnest($4::uuid[]) as k (id) where k.id = memberships.member_id)
         returning member_id`,
        [scope.orgId, scope.connectionId, groupId, kept, change],
      )
      return rows.map((row) => row.member_id)
    },

    /** Closes the scope's own memberships whose member matches a predicate over `m`. */
    closeWhere: async (scope: Scope, groupId: string, where: CompiledPredicate, change: string): Promise<string[]> => {
      const sql = `update memberships as m set closed_by = ?
        where m.org_id = ? and m.connection_id = ? and m.group_id = ? and m.closed_by is null and (${where.sql}) returning m.member_id`
      const closed = await db.raw(sql, [change, scope.orgId, scope.connectionId, groupId, ...where.bindings])
      return (closed.rows as { member_id: string }[]).map((row) => row.member_id)
    },

    /** Living members of many groups, by group id. */
    membersOf: async (scope: Scope, groupIds: readonly string[]): Promise<Map<string, Member[]>> => {
      const members = new Map(groupIds.map((id) => [id, new Map<string, Member>()]))
      type Row = { group_id: string; id: string; is_group: boolean; display_name: string | null }
      const rows =
        groupIds.length === 1
          ? await prepared<Row>(db, 'members-of-one', membersOfOneSql, [scope.orgId, groupIds[0], scope.connectionId])
          : await prepared<Row>(db, 'members-of-many', membersOfManySql, [scope.orgId, groupIds, scope.connectionId])
      for (const row of rows) {
        // Two sources may each have made somebody a member; shown is one.
        members
          .get(row.group_id)
          ?.set(row.id, { id: row.id, type: row.is_group ? 'Group' : 'User', displayName: row.display_name })
      }
      return new Map([...members].map(([id, byId]) => [id, [...byId.values()]]))
    },

    /** Locks the groups a user or group is directly in, in one order for everybody. */
    lockGroupsOf: async (orgId: string, memberId: string): Promise<void> => {
      const sql = `select g.id from groups g where g.org_id = ? and g.id in (
          select m.group_id from memberships m where m.org_id = ? and (m.user_id = ? or m.child_group_id = ?) and m.closed_by is null
        ) order by g.id for no key update`
      await db.raw(sql, [orgId, orgId, memberId, memberId])
    },

    /** Closes every membership of a member, whatever its source, and moves the version of the groups it was in. */
    closeAllOf: async (orgId: string, memberId: string, ids: { change: string; at: Date }): Promise<void> => {
      const sql = `with closed as (
          update memberships set closed_by = ?
          where org_id = ? and (user_id = ? or child_group_id = ?) and closed_by is null returning group_id
        )
        update groups set version = version + 1, updated_at = ?
        where org_id = ? and id in (select group_id from closed) and deleted_at is null`
      await db.raw(sql, [ids.change, orgId, memberId, memberId, ids.at, orgId])
    },

    /** Closes every membership in a group; returns how many there were. */
    closeAllIn: (orgId: string, groupId: string, change: string): Promise<number> =>
      db('memberships').where({ org_id: orgId, group_id: groupId, closed_by: null }).update({ closed_by: change }).then(Number),

    countKept: async (scope: Scope, groupId: string, { change, most }: { change: string; most: number }): Promise<number> => {
      const sql = `select count(*) as total from (
          select 1 from memberships m where m.org_id = $1 and m.connection_id = $2 and m.group_id = $3 and m.closed_by is null
            and m.opened_by <> $4 limit $5
        ) counted`
      const values = [scope.orgId, scope.connectionId, groupId, change, most]
      const [row] = await prepared<{ total: number }>(db, 'members-count-kept', sql, values)
      return row?.total ?? 0
    },
  }
}
