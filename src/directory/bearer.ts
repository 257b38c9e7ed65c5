import { type Fragment, literally, sql } from './fragment.js'

/** The resources that bear a schema: rows of one table, all of one type, whatever connection manages them. */

export type Bearer = {
  /** `User`, `Group`, or the name of a declared type. */
  readonly type: string
  /** Of a declared type. */
  readonly typeId?: string
}

type Table = {
  readonly name: 'users' | 'groups' | 'custom_resources'
  readonly label: string
  readonly target: 'user' | 'group' | 'resource'
}

/** The table, the column that names a row to people, and what the journal calls it. */
export function tableOf({ type, typeId }: Bearer): Table {
  if (typeId !== undefined) return { name: 'custom_resources', label: 'external_id', target: 'resource' }
  return type === 'User'
    ? { name: 'users', label: 'user_name', target: 'user' }
    : { name: 'groups', label: 'display_name', target: 'group' }
}

/** What follows FROM: the bearer's live rows as `r`, beside `more`; the condition is open for `and …`. */
export function liveRows(orgId: string, bearer: Bearer, more: Fragment = literally('')): Fragment {
  const type = bearer.typeId === undefined ? literally('') : sql` and r.type_id = ${bearer.typeId}::uuid`
  return sql`${literally(tableOf(bearer).name)} r${more} where r.org_id = ${orgId}::uuid${type} and r.deleted_at is null`
}
