import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { invalid } from '../platform/errors.js'
import { isId } from '../platform/ids.js'
import type { CompiledPredicate } from './filter.js'
import { membershipStore } from './membership-store.js'
import type { Member, Scope } from './model.js'

/**
 * Members come and go as rows: adding one to a group of 100,000 costs what it costs in a group of ten, and two writers never
 * overwrite each other's members. Only memberships of the scope's own connection are touched. The caller has locked the group.
 */

/** What changed, by member id; both empty where nothing did. */
export type MembersChanged = { readonly added: readonly string[]; readonly removed: readonly string[] }

const nothing: MembersChanged = { added: [], removed: [] }

/** Adds members; those already there are left alone. @throws AppError invalid `unknown_member` naming ids that nobody here has */
export async function addMembers(
  c: Change,
  scope: Scope,
  groupId: string,
  memberIds: readonly string[],
): Promise<MembersChanged> {
  const wanted = [...new Set(memberIds)]
  if (wanted.length === 0) return nothing
  const store = membershipStore(c.trx)
  const candidates = wanted.filter(isId)
  const request = (ids: readonly string[]) => ({ memberIds: ids, rowIds: ids.map(() => c.newId()), change: c.id })
  const users = await store.addUsers(scope, groupId, request(candidates))
  const foundUsers = new Set(users.found)
  const rest = candidates.filter((id) => !foundUsers.has(id))
  const groups = rest.length > 0 ? await store.addGroups(scope, groupId, request(rest)) : { found: [], added: [] }
  const found = new Set([...foundUsers, ...groups.found])
  const unknown = wanted.filter((id) => !found.has(id))
  if (unknown.length > 0) {
    const some = unknown
      .slice(0, 3)
      .map((id) => `"${id.slice(0, 80)}"`)
      .join(', ')
    throw invalid(
      'unknown_member',
      `${unknown.length === 1 ? 'A member names' : `${unknown.length} members name`} nobody in this directory: ${some}${unknown.length > 3 ? ', …' : ''}. Create the user or group first and use the id it was given.`,
      { pointer: 'members.value' },
    )
  }
  return { added: [...users.added, ...groups.added], removed: [] }
}

/** Removes members; ids that are no members are left alone. */
export async function removeMembers(
  c: Change,
  scope: Scope,
  groupId: string,
  memberIds: readonly string[],
): Promise<MembersChanged> {
  const wanted = [...new Set(memberIds)].filter(isId)
  if (wanted.length === 0) return nothing
  return { added: [], removed: await membershipStore(c.trx).close(scope, groupId, wanted, c.id) }
}

/** Removes the members a compiled predicate over `memberships m` matches. */
export async function removeMembersWhere(
  c: Change,
  scope: Scope,
  groupId: string,
  where: CompiledPredicate,
): Promise<MembersChanged> {
  return { added: [], removed: await membershipStore(c.trx).closeWhere(scope, groupId, where, c.id) }
}

/** Makes `memberIds` the members, touching only the difference. */
export async function replaceMembers(
  c: Change,
  scope: Scope,
  groupId: string,
  memberIds: readonly string[],
): Promise<MembersChanged> {
  const { added } = await addMembers(c, scope, groupId, memberIds)
  const removed = await membershipStore(c.trx).closeExcept(scope, groupId, memberIds.filter(isId), c.id)
  return { added, removed }
}

/** Locks the groups somebody is in, before a change that will end these memberships. */
export function lockGroupsOf(c: Change, memberId: string): Promise<void> {
  return membershipStore(c.trx).lockGroupsOf(c.orgId, memberId)
}

/** Ends every membership of a user or group that goes; the groups' versions move. */
export function closeMembershipsOf(c: Change, memberId: string): Promise<void> {
  return membershipStore(c.trx).closeAllOf(c.orgId, memberId, { change: c.id, at: c.now })
}

/** Living members of many groups that the scope sees, by group id. */
export function membersOfGroups(db: Knex, scope: Scope, groupIds: readonly string[]): Promise<Map<string, Member[]>> {
  return membershipStore(db).membersOf(scope, groupIds)
}

/** How many members a group had before this change and still has, of the scope's own; counting ends at `most`. */
export function countKeptMembers(c: Change, scope: Scope, groupId: string, most: number): Promise<number> {
  return membershipStore(c.trx).countKept(scope, groupId, { change: c.id, most })
}
