import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { conflict } from '../platform/errors.js'
import { isId } from '../platform/ids.js'
import type { JsonObject } from '../platform/json.js'
import { changedFields } from './changed-fields.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import { groupStore } from './group-store.js'
import type { CompiledWalk } from './keyset.js'
import { membershipStore } from './membership-store.js'
import { addMembers, closeMembershipsOf, lockGroupsOf, type MembersChanged } from './memberships.js'
import type { Group, GroupInput, Listed, Page, Scope } from './model.js'
import { claimUniqueValues, releaseUniqueValues } from './unique-values.js'
import type { Walked } from './walk-store.js'

/** The only functions that create, change or remove groups. */

export type GroupNames = 'any' | 'unique'

/** What an audit record compares. */
const attributesOf = ({
  displayName,
  externalId,
  profile,
}: Pick<Group, 'displayName' | 'externalId' | 'profile'>): JsonObject => ({
  displayName,
  externalId,
  ...profile,
})

const targetOf = (group: Group) => ({ type: 'group', id: group.id, name: group.displayName })

async function checkName(c: Change, scope: Scope, group: Group, names: GroupNames): Promise<void> {
  if (names === 'any' || !(await groupStore(c.trx).nameTaken(scope, group))) return
  throw conflict(
    'group_name_taken',
    'This connection already has a group of this displayName. Look it up with filter=displayName eq "…" and link to that group, or rename one of them.',
    { pointer: 'displayName' },
  )
}

/** Creates a group with its first members, and with the id given where one is. @throws AppError conflict where the name (if it must be unique) or externalId is taken */
export async function createGroup(
  c: Change,
  scope: Scope,
  input: GroupInput,
  options: { members: readonly string[]; names: GroupNames; id?: string | undefined },
): Promise<Group> {
  const { unique, secrets: _, ...attributes } = input
  const group: Group = { ...attributes, id: options.id ?? c.newId(), version: 1, createdAt: c.now, updatedAt: c.now }
  await checkName(c, scope, group, options.names)
  await groupStore(c.trx).insert(scope, group)
  if (unique) await claimUniqueValues(c, group.id, unique)
  c.record({ event: 'group.created', target: targetOf(group), changed: { displayName: { after: group.displayName } } })
  const members = await addMembers(c, scope, group.id, options.members)
  if (members.added.length > 0) c.record({ event: 'group.members_changed', target: targetOf(group), list: members })
  return group
}

/** Reads a group for a change and keeps other writers off it until the change ends. Undefined where the scope sees no such group. */
export async function lockGroup(c: Change, scope: Scope, id: string): Promise<Group | undefined> {
  return isId(id) ? groupStore(c.trx).lock(scope, id) : undefined
}

/** Gives a locked group new attributes and counts a change of its members; where neither changed, nothing moves. */
export async function replaceGroup(
  c: Change,
  scope: Scope,
  before: Group,
  input: GroupInput,
  options: { members: MembersChanged; names: GroupNames },
): Promise<Group> {
  const { unique, secrets, ...attributes } = input
  const { members } = options
  const renamed = before.displayName !== attributes.displayName
  const fields = changedFields(attributesOf(before), attributesOf(attributes), secrets)
  const attributesChanged = Object.keys(fields).length > 0
  const membersChanged = members.added.length + members.removed.length > 0
  if (!attributesChanged && !membersChanged) return before
  const after: Group = { ...before, ...attributes, version: before.version + 1, updatedAt: c.now }
  if (renamed) await checkName(c, scope, after, options.names)
  await groupStore(c.trx).update(scope, after)
  if (unique) await claimUniqueValues(c, after.id, unique)
  if (attributesChanged) c.record({ event: 'group.updated', target: targetOf(after), changed: fields })
  if (membersChanged) c.record({ event: 'group.members_changed', target: targetOf(after), list: members })
  return after
}

/** Removes a group for good: a tombstone stays, its memberships and its places in other groups are closed. */
export async function deleteGroup(c: Change, scope: Scope, id: string): Promise<boolean> {
  if (!isId(id)) return false
  await lockGroupsOf(c, id)
  const group = await groupStore(c.trx).lock(scope, id)
  if (!group) return false
  const members = await membershipStore(c.trx).closeAllIn(scope.orgId, id, c.id)
  await closeMembershipsOf(c, id)
  await releaseUniqueValues(c, id)
  await groupStore(c.trx).bury(scope, id, c.now)
  c.record({ event: 'group.deleted', target: targetOf(group), changed: { members: { before: members } } })
  return true
}

export async function findGroup(db: Knex, scope: Scope, id: string): Promise<Group | undefined> {
  return isId(id) ? groupStore(db).find(scope, id) : undefined
}

/** A page of the groups a scope sees, with the number of all that match. */
export function listGroups(
  db: Knex,
  scope: Scope,
  where: CompiledPredicate,
  order: CompiledOrder,
  page: Page,
): Promise<Listed<Group>> {
  return groupStore(db).list(scope, where, order, page)
}

/** A page of the groups a scope sees, from where a walk stands; nothing is counted. */
export function walkGroups(
  db: Knex,
  scope: Scope,
  where: CompiledPredicate,
  walk: CompiledWalk,
  limit: number,
): Promise<Walked<Group>> {
  return groupStore(db).walk(scope, where, walk, limit)
}
