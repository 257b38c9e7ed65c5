import type { Scope } from '../../src/directory/index.js'
import type { Knex } from '../../src/platform/db/open.js'

/** Users by the thousand, written by the database itself in the shape the directory writes. */

export type Crowd = {
  /** Numbers of the first and the last: they become `p000042@example.com`. */
  readonly from: number
  readonly to: number
  /** One title for all. */
  readonly title?: string
}

// UUIDv7 shaped, and in an order of their own: the id of n has nothing to do with n.
const id = (n: string) => `(overlay(overlay(md5(?::text || ${n}) placing '7' from 13) placing '8' from 17)::uuid)`

// As many as fit easily into the time that a statement may take.
const atOnce = 20_000

/** Inserts the crowd; a third of it has no displayName, the others share one by fives, every second one is active. */
export async function insertPeople(db: Knex, scope: Scope, crowd: Crowd): Promise<void> {
  for (let from = crowd.from; from <= crowd.to; from += atOnce) {
    await insertSome(db, scope, { ...crowd, from, to: Math.min(crowd.to, from + atOnce - 1) })
  }
}

async function insertSome(db: Knex, scope: Scope, crowd: Crowd): Promise<void> {
  const { orgId, connectionId } = scope
  const document = `case when n % 3 = 0 then '{}'::jsonb else jsonb_build_object('displayName', 'person ' || n / 5) end
    || case when ?::text is null then '{}'::jsonb else jsonb_build_object('title', ?::text) end`
  const title = crowd.title ?? null
  const people = `generate_series(?::int, ?::int) as n`
  await db.raw(
    `insert into users (org_id, id, user_name, user_name_key, display_name_key, active, managed_by, profile, search, created_at, updated_at)
     select ?::uuid, ${id('n')}, name, name, document ->> 'displayName', n % 2 = 0, ?::uuid, document, document, at, at
     from (select n, 'p' || lpad(n::text, 6, '0') || '@example.com' as name, ${document} as document,
       timestamptz '2024-01-01' + (n * 7919 % 1000003) * interval '1 second' as at from ${people}) as person`,
    [orgId, orgId, connectionId, title, title, crowd.from, crowd.to],
  )
  await db.raw(
    `insert into identities (org_id, id, user_id, connection_id, external_id, opened_by)
     select ?::uuid, ${id('n')}, ${id('n')}, ?::uuid, 'x' || n, ?::uuid from ${people}`,
    [orgId, orgId, orgId, connectionId, orgId, crowd.from, crowd.to],
  )
}
