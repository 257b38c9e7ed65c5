import { type Fragment, literally, sql } from './fragment.js'
import type { Scope } from './model.js'
import type { Column, FilterTarget, Predicate, Relation } from './predicate.js'

/**
 * Lists that are rows: the members of a group and the groups of a user. What a scope cannot see is in neither, so that no filter
 * tells whether it exists. Every statement names the organization by a binding, so that PostgreSQL can start from the member or
 * the group that is asked for, instead of looking at every row of the outer query.
 */

const nothing = literally("'{}'::jsonb")

function rows(id: string, columns: readonly (readonly [string, Column])[]): FilterTarget {
  return { id: literally(id), profile: nothing, search: nothing, columns: new Map(columns), relations: new Map() }
}

/** One member: a row of `memberships m` by itself (RFC 7643 §4.2). `display` is the name that the member list shows. */
export function memberFilterTarget(scope: Scope): FilterTarget {
  return memberRows(sql`(
    select coalesce(mu.display_name_key, mu.user_name_key) from users mu
    where mu.org_id = ${scope.orgId}::uuid and mu.id = m.user_id and mu.deleted_at is null
    union all
    select mg.display_name_key from groups mg
    where mg.org_id = ${scope.orgId}::uuid and mg.id = m.child_group_id and mg.deleted_at is null)`)
}

function memberRows(display: Fragment): FilterTarget {
  const lookup = [literally('m.user_id'), literally('m.child_group_id')]
  return rows('m.id', [
    ['value', { sql: literally('m.member_id'), kind: 'id', nullable: false, lookup }],
    ['type', { sql: literally("case when m.user_id is null then 'group' else 'user' end"), kind: 'folded', nullable: false }],
    ['display', { sql: display, kind: 'folded', nullable: true }],
  ])
}

/** Direct members of the group `g`. */
export function membersRelation(scope: Scope): Relation {
  const target = memberRows(literally('coalesce(vu.display_name_key, vu.user_name_key, vg.display_name_key)'))
  return (where, compile) => sql`exists (
    select 1 from memberships m
    left join users vu on vu.org_id = ${scope.orgId}::uuid and vu.id = m.user_id
      and vu.managed_by = ${scope.connectionId}::uuid and vu.deleted_at is null
    left join groups vg on vg.org_id = ${scope.orgId}::uuid and vg.id = m.child_group_id
      and vg.managed_by = ${scope.connectionId}::uuid and vg.deleted_at is null
    where m.org_id = ${scope.orgId}::uuid and m.group_id = g.id and m.closed_by is null
      and coalesce(vu.id, vg.id) is not null and ${compile(where, target)})`
}

/**
 * Groups of the user `u`, direct and through nesting (RFC 7643 §4.1.2), from the top down: the groups that satisfy `where`, all
 * groups nested in them, the users in those. It runs once, not once a user. `union` keeps a set, so a cycle ends by itself.
 */
export function groupsRelation(scope: Scope): Relation {
  const columns: readonly (readonly [string, Column])[] = [
    ['value', { sql: literally('r.id'), kind: 'id', nullable: false }],
    ['display', { sql: literally('r.display_name_key'), kind: 'folded', nullable: false }],
    ['type', { sql: literally("case when pair.is_direct then 'direct' else 'indirect' end"), kind: 'folded', nullable: false }],
  ]
  const target = rows('r.id', columns)
  const always = new Set(columns.map(([name]) => name))
  const org = sql`${scope.orgId}::uuid`
  const visible = sql`r.org_id = ${org} and r.managed_by = ${scope.connectionId}::uuid and r.deleted_at is null`
  return (where, compile) => {
    const { ofGroup, ofPair } = split(settled(where, always))
    const roots = sql`from groups r where ${visible} and ${compile(ofGroup, target)}`
    const nested = sql`from down join memberships m on m.org_id = ${org} and m.group_id = down.id
        where m.closed_by is null and m.child_group_id is not null`
    const members = sql`from down join memberships m on m.org_id = ${org} and m.group_id = down.id
      where m.closed_by is null and m.user_id is not null`
    if (!ofPair) {
      return sql`u.id in (with recursive down (id) as (select r.id ${roots} union select m.child_group_id ${nested})
      select m.user_id ${members})`
    }
    return sql`u.id in (with recursive down (root, id) as (
        select r.id, r.id ${roots} union select down.root, m.child_group_id ${nested}), pair (user_id, root, is_direct) as (
        select m.user_id, down.root, bool_or(down.id = down.root) ${members} group by m.user_id, down.root)
      select pair.user_id from pair join groups r on r.org_id = ${org} and r.id = pair.root where ${compile(ofPair, target)})`
  }
}

/**
 * Whether a group is direct or indirect is known for a pair of user and group only; all pairs of an organization are many. So
 * what is asked of the group alone is asked first.
 */
function split(where: Predicate): { ofGroup: Predicate; ofPair: Predicate | undefined } {
  const terms = where.kind === 'and' ? where.of : [where]
  const pair = terms.filter(asksType)
  const group = terms.filter((term) => !asksType(term))
  return { ofGroup: { kind: 'and', of: group }, ofPair: pair.length === 0 ? undefined : { kind: 'and', of: pair } }
}

function asksType(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'const':
      return false
    case 'and':
    case 'or':
      return predicate.of.some(asksType)
    case 'not':
      return asksType(predicate.of)
    default:
      return predicate.keys[0] === 'type'
  }
}

/** The predicate without what is already known: the presence of what is `always` there. */
function settled(predicate: Predicate, always: ReadonlySet<string>): Predicate {
  switch (predicate.kind) {
    case 'present':
      return { kind: 'const', value: always.has(predicate.keys.join('.')) }
    case 'not': {
      const of = settled(predicate.of, always)
      return of.kind === 'const' ? { kind: 'const', value: !of.value } : { kind: 'not', of }
    }
    case 'and':
    case 'or': {
      const decisive = predicate.kind === 'or'
      const of = predicate.of.map((term) => settled(term, always))
      if (of.some((term) => term.kind === 'const' && term.value === decisive)) return { kind: 'const', value: decisive }
      return { kind: predicate.kind, of: of.filter((term) => term.kind !== 'const') }
    }
    default:
      return predicate
  }
}
