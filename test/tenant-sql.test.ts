import assert from 'node:assert/strict'
import { prepared } from '../src/platform/db/query.js'
import { newId } from '../src/platform/ids.js'
import { testDatabase } from './support/database.js'
import { createSqlJudge, referenceTables, tenantTablesOf } from './support/sql-log.js'
import { unheldTables } from './support/sql-tenancy.js'

/** The judge of the SQL log. What the whole run sent is judged once more when it ends (support/setup.ts). */

const tables = new Set(['users', 'groups', 'memberships', 'identities', 'outbox'])

const held = [
  'select * from users where org_id = $1 and id = $2',
  'select "u"."id" from "users" as "u" where "u"."org_id" = $1',
  'select u.id from users u join identities i on i.org_id = u.org_id and i.user_id = u.id where u.org_id = $1',
  'select u.id from users u, identities i where i.org_id = $1 and $1 = u.org_id',
  'select id from users join identities using (org_id, id) where users.org_id = ?',
  'select id from users where (org_id, id) in (select org_id, id from wanted)',
  'select u.id from users u where u.org_id = $1 and exists (select 1 from memberships m where m.org_id = u.org_id and m.user_id = u.id)',
  'select s.slug from organization_slugs s join users o on s.org_id = o.org_id where s.slug = $1',
  'insert into users (org_id, id) values ($1, $2) on conflict (org_id, id) do update set name = excluded.name returning id',
  'insert into memberships (org_id, id) select $1, w.id from unnest($2) w (id) join groups g on g.org_id = $1 and g.id = w.id',
  'update users set name = $3 where org_id = $1 and id = $2 returning *',
  'update memberships as m set closed_by = $1 where m.org_id = $2 and (m.user_id = $3 or m.child_group_id = $3)',
  'delete from outbox where "org_id" = $1',
  'with closed as (update memberships set closed_by = $1 where org_id = $2 returning group_id) update groups set version = 2 where org_id = $2 and id in (select group_id from closed)',
  'select id from users where org_id = $1 union select id from groups where org_id = $1 order by id',
  'select g.id from unnest($1) w (id), lateral (select id from groups where org_id = $2 and id = w.id) g',
  "select 'from users' as text -- from groups\n, 1 /* join outbox */",
  'create index users_idx on users (id)',
  'select slug from organization_slugs',
]

const unheld: readonly (readonly [sql: string, tables: string[]])[] = [
  ['select * from users where id = $1', ['users']],
  ['select org_id, id from users where id = $1 order by org_id', ['users']],
  ['select "u"."id" from "users" as "u" where "u"."id" = $1', ['users']],
  ['select u.id from users u join identities i on i.user_id = u.id where u.org_id = $1', ['identities']],
  ['select u.id from users u join identities i on i.org_id = u.org_id where u.id = $1', ['users', 'identities']],
  ['select u.id from users u, groups g where u.org_id = $1', ['groups']],
  ['select id from users where org_id = $1 and id in (select user_id from memberships)', ['memberships']],
  ['select id from users where org_id is not null', ['users']],
  ['insert into users (id) values ($1)', ['users']],
  ['insert into users values ($1)', ['users']],
  ['insert into memberships (org_id, id) select $1, g.id from groups g where g.id = $2', ['groups']],
  ['update users set org_id = $1 where id = $2', ['users']],
  ['update users set name = $1 where id = $2 returning org_id', ['users']],
  ['delete from outbox where id = $1', ['outbox']],
  ['with old as (delete from outbox where id = $1 returning org_id) select * from users where org_id = $2', ['outbox']],
  ['select id from users where org_id = $1 union all select id from groups', ['groups']],
]

describe('the judge of the SQL log', () => {
  for (const sql of held) {
    it(`SEC-TEN-6 passes: ${sql.slice(0, 90)}`, () => assert.deepEqual(unheldTables(sql, tables), []))
  }

  for (const [sql, found] of unheld) {
    it(`SEC-TEN-6 stops: ${sql.slice(0, 90)}`, () => assert.deepEqual(unheldTables(sql, tables).sort(), [...found].sort()))
  }
})

describe('the SQL log', () => {
  it('SEC-TEN-6 keeps a statement that it must not pass, once, with the test that sent it', () => {
    const { judge, complaints } = createSqlJudge(tables, () => 'a test')
    judge({ sql: 'select id from users where id = $1' })
    judge({ sql: 'select id from users where id = $1' })
    judge({ sql: 'select id from users where org_id = $1' })
    assert.deepEqual(complaints, ['users without org_id, during "a test": select id from users where id = $1'])
  })

  it('SEC-TEN-6 sees what the builder, raw and prepared statements send, inside a transaction and outside', async () => {
    const { db } = await testDatabase()
    const orgId = newId()
    const seen: string[] = []
    const listen = ({ sql }: { sql: string }) => seen.push(sql)
    const counting = (mark: string) => `select count(*) as ${mark} from users where org_id = $1`
    db.on('query', listen)
    try {
      await db('users').where({ org_id: orgId }).select('id as built')
      await db.raw('select id as raw from users where org_id = ?', [orgId])
      await prepared(db, 'sql-log-outside', counting('outside'), [orgId])
      await db.transaction(async (trx) => {
        await trx('users').where({ org_id: orgId }).select('id as built_inside')
        await prepared(trx, 'sql-log-inside', counting('inside'), [orgId])
      })
    } finally {
      db.removeListener('query', listen)
    }
    for (const mark of ['built', 'raw', 'outside', 'built_inside', 'inside']) {
      assert.ok(
        seen.some((sql) => new RegExp(`as "?${mark}\\b`).test(sql)),
        `${mark} was not seen`,
      )
    }
  })

  it('SEC-TEN-6 knows every tenant table of the database', async () => {
    const found = await tenantTablesOf((await testDatabase()).db)
    assert.ok(['users', 'groups', 'memberships', 'connection_tokens', 'outbox'].every((table) => found.has(table)))
    assert.ok(!referenceTables.some((table) => found.has(table)))
  })
})
