import assert from 'node:assert/strict'
import {
  type CompiledOrder,
  type CompiledPredicate,
  compileFilter,
  compileSort,
  groupFilterTarget,
  userFilterTarget,
} from '../../src/directory/index.js'
import type { Knex } from '../../src/platform/db/open.js'
import { newId } from '../../src/platform/ids.js'
import { resolveFilter, resolveSort } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'

const scope = { orgId: newId(), connectionId: newId() }

/** Enough rows that an index pays; a transaction that is taken back holds them. */
async function fill(trx: Knex): Promise<void> {
  const at = new Date().toISOString()
  const { orgId, connectionId } = scope
  await trx('organizations').insert({ org_id: orgId, name: 'many', created_at: at, updated_at: at })
  const connection = { org_id: orgId, id: connectionId, kind: 'scim', name: 'many', profile: 'generic' }
  await trx('connections').insert({ ...connection, created_at: at, updated_at: at })
  await trx.raw(
    `insert into users (org_id, id, user_name, user_name_key, display_name_key, active, managed_by, profile, search, created_at, updated_at)
     select ?::uuid, md5('user' || n)::uuid, 'user' || n, 'user' || n, 'name' || n, true, ?::uuid, d.profile, d.profile,
       ?::timestamptz + n * interval '1 second', ?::timestamptz + n * interval '1 second'
     from generate_series(1, 4000) n, lateral (select jsonb_build_object(
       'displayName', 'name' || n, 'name', jsonb_build_object('familyName', 'name' || n),
       'emails', jsonb_build_array(jsonb_build_object('type', 'work', 'value', 'user' || n))) as profile) d`,
    [orgId, connectionId, at, at],
  )
  await trx.raw(
    `insert into identities (org_id, id, user_id, connection_id, external_id, opened_by)
     select u.org_id, md5('link' || u.id)::uuid, u.id, u.managed_by, 'ext' || u.user_name, u.id from users u where u.org_id = ?`,
    [orgId],
  )
  await trx.raw(
    `insert into groups (org_id, id, managed_by, display_name, display_name_key, profile, search, created_at, updated_at)
     select ?::uuid, md5('group' || n)::uuid, ?::uuid, 'name' || n, 'name' || n, '{}', '{}', ?::timestamptz, ?::timestamptz
     from generate_series(1, 1000) n`,
    [orgId, connectionId, at, at],
  )
  await trx.raw(
    `insert into memberships (org_id, id, group_id, user_id, connection_id, opened_by)
     select ?::uuid, md5('member' || n)::uuid, md5('group' || 1 + n % 1000)::uuid, md5('user' || n)::uuid, ?::uuid, ?::uuid
     from generate_series(1, 4000) n`,
    [orgId, connectionId, connectionId],
  )
  for (const table of ['users', 'identities', 'groups', 'memberships']) await trx.raw(`analyze ${table}`)
}

const users = {
  alias: 'u',
  target: userFilterTarget(scope),
  type: userType,
  from: `users u left join identities i on i.org_id = u.org_id and i.user_id = u.id and i.connection_id = u.managed_by
    and i.closed_by is null`,
}
const groups = { alias: 'g', target: groupFilterTarget(scope), type: groupType, from: 'groups g' }

const everything: CompiledPredicate = { sql: 'true', bindings: [] }

async function plan(
  trx: Knex,
  of: typeof users | typeof groups,
  where: CompiledPredicate,
  order: CompiledOrder,
): Promise<string> {
  const { alias, from } = of
  const explained = await trx.raw(
    `explain select ${alias}.id from ${from} where ${alias}.org_id = ? and ${alias}.managed_by = ? and ${alias}.deleted_at is null
       and ${where.sql} order by ${order.sql} limit 100`,
    [scope.orgId, scope.connectionId, ...where.bindings, ...order.bindings],
  )
  return explained.rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n')
}

const id = '01a20000-0000-7000-8000-000000000001'

describe('indexes', () => {
  let trx: Knex.Transaction

  before(async () => {
    trx = await (await testDatabase()).db.transaction()
    await fill(trx)
  })
  after(() => trx.rollback())

  const filters: readonly (readonly [filter: string, of: typeof users | typeof groups, index: RegExp])[] = [
    ['id eq "01a20000-0000-7000-8000-000000000001"', users, /users_(?:pkey|managed_id_idx)[\s\S]*Index Cond: .*id = /],
    ['userName eq "USER7"', users, /users_(?:managed_)?user_name_\w+[\s\S]*Index Cond: .*user_name_key = 'user7'/],
    ['userName sw "USER7"', users, /users_(?:managed_)?user_name_\w+[\s\S]*Index Cond: .*user_name_key >= 'user7'/],
    ['displayName eq "Name7"', users, /users_managed_display_name_idx[\s\S]*Index Cond: .*display_name_key = 'name7'/],
    ['externalId eq "extuser7"', users, /identities_external_id_key[\s\S]*Index Cond: .*external_id = 'extuser7'/],
    ['meta.lastModified gt "2999-01-01T00:00:00Z"', users, /users_managed_updated_idx[\s\S]*Index Cond: .*updated_at >= /],
    ['emails eq "user7"', users, /users_search_idx/],
    ['emails[type eq "work" and value eq "user7"]', users, /users_search_idx/],
    ['emails[type eq "work"].value eq "user7"', users, /users_search_idx/],
    ['name.familyName eq "name7" and active eq true', users, /users_search_idx/],
    ['photos[type eq "photo" and value eq "x"]', users, /users_search_idx/],
    [`groups.value eq "${id}"`, users, /Index Cond: .*id = '01a20000/],
    ['displayName eq "Name7"', groups, /groups_managed_display_name_idx[\s\S]*Index Cond: .*display_name_key = 'name7'/],
    [`members.value eq "${id}"`, groups, /Index Cond: .*user_id = '01a20000/],
    [`members[value eq "${id}"]`, groups, /Index Cond: .*child_group_id = '01a20000/],
  ]
  for (const [filter, of, index] of filters) {
    it(`serve ${filter}`, async () => {
      const syntax = parseFilter(filter, { bareValues: 'refuse' })
      const where = compileFilter(of.target, resolveFilter(of.type, syntax, { booleans: 'strict' }))
      assert.match(await plan(trx, of, where, { sql: of.target.id.sql, bindings: [] }), index)
    })
  }

  for (const [path, index] of [
    ['userName', 'users_managed_user_name_idx'],
    ['displayName', 'users_managed_display_name_idx'],
    ['meta.created', 'users_managed_created_idx'],
    ['id', 'users_(?:managed_id_idx|pkey)'],
  ] as const) {
    it(`serve the first page by ${path}, both ways, without sorting`, async () => {
      for (const [order, scan] of [
        ['ascending', `Scan using ${index}`],
        ['descending', `Scan Backward using ${index}`],
      ] as const) {
        const text = await plan(trx, users, everything, compileSort(users.target, resolveSort(userType, path, order)))
        assert.match(text, new RegExp(scan))
        assert.doesNotMatch(text, /Sort Key/)
      }
    })
  }
})
