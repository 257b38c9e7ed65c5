import { departments, enterprise, familyNames, givenNames } from './person.js'

/**
 * SQL that writes what the server would have written for many users and groups, in one statement each. Every value is ASCII, so
 * lower() folds as directory/fold.ts does.
 */

const list = (names: readonly string[]): string => `(array[${names.map((name) => `'${name}'`).join(', ')}])`
const nth = (names: readonly string[]): string => `${list(names)}[n % ${names.length} + 1]`

const given = nth(givenNames)
const family = nth(familyNames)

/** A UUIDv7 whose time is `n` milliseconds after the first one's; `salt` tells tables apart. */
const id = (salt: string): string => `
  (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5('${salt}' || n), 1, 3) || '8' || substr(md5('${salt}' || n), 4, 15))::uuid`

const created = "timestamptz '2023-11-14 22:13:20Z' + n * interval '1 millisecond'"

/** The profile of person.ts as SQL; `f` is applied to each text. */
function profile(f: (text: string) => string): string {
  return `jsonb_build_object(
    'name', jsonb_build_object('givenName', ${f(given)}, 'familyName', ${f(family)}, 'formatted', ${f(`${given} || ' ' || ${family}`)}),
    'displayName', ${f(`${given} || ' ' || ${family} || ' ' || n`)},
    'title', ${f("'Analyst'::text")},
    'preferredLanguage', ${f("'en-GB'::text")},
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || n || '@bench.example', 'type', 'work', 'primary', true)),
    'phoneNumbers', jsonb_build_array(jsonb_build_object('value', '+44 20 7946 ' || n, 'type', 'work')),
    '${enterprise}', jsonb_build_object('employeeNumber', ${f("'E' || n")}, 'department', ${f(nth(departments))}, 'costCenter', ${f("'CC-1'::text")}))`
}

/** `$1` organization, `$2` connection, `$3` and `$4` first and last number, `$5` id of a change. */
export const insertUsers = `
  with person as materialized (
    select n, ${id('u')} as id, ${created} as created_at, ${profile((text) => text)} as profile, ${profile((text) => `lower(${text})`)} as search
    from generate_series($3::bigint, $4::bigint) as n
  ), users as (
    insert into users (org_id, id, user_name, user_name_key, display_name_key, active, managed_by, profile, search, created_at, updated_at)
    select $1, id, 'user' || n || '@bench.example', 'user' || n || '@bench.example', search->>'displayName', n % 10 <> 0, $2, profile,
      search, created_at, created_at
    from person
  ), state as (
    insert into user_states (org_id, id, user_id, user_name, active, managed_by, profile, opened_by)
    select $1, ${id('s')}, id, 'user' || n || '@bench.example', n % 10 <> 0, $2, profile, $5 from person
  )
  insert into identities (org_id, id, user_id, connection_id, external_id, opened_by)
  select $1, ${id('i')}, id, $2, 'ext-' || n, $5 from person`

/** `$3` groups named after `$4`. */
export const insertGroups = `
  insert into groups (org_id, id, managed_by, display_name, display_name_key, profile, search, created_at, updated_at)
  select $1, gen_random_uuid(), $2, $4::text || ' ' || n, lower($4::text) || ' ' || n, '{}', '{}', now(), now()
  from generate_series(1, $3::int) as n returning id`

/** The first `$4` users of the organization, after `$5` of them, as members of group `$3`; `$6` is the id of a change. */
export const insertMembers = `
  insert into memberships (org_id, id, group_id, user_id, connection_id, opened_by)
  select $1, gen_random_uuid(), $3, u.id, $2, $6 from (
    select id from users where org_id = $1 order by id limit $4 offset $5
  ) u`

/** Constraint triggers check a million rows one by one; these rows are right by construction. */
export const trustRows = 'set session_replication_role = replica'
