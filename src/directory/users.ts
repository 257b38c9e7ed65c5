import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { isId } from '../platform/ids.js'
import type { JsonObject } from '../platform/json.js'
import { changedFields } from './changed-fields.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import type { CompiledWalk } from './keyset.js'
import { closeMembershipsOf, lockGroupsOf } from './memberships.js'
import type { GroupOfUser, Listed, Page, Scope, User, UserInput, UserWithGroups } from './model.js'
import { claimUniqueValues, releaseUniqueValues } from './unique-values.js'
import { userGroupsStore } from './user-groups-store.js'
import { userHistoryStore } from './user-history-store.js'
import { userStore } from './user-store.js'
import type { Walked } from './walk-store.js'

/** The only functions that create, change or remove people. */

/** What an audit record compares. */
const attributesOf = ({ userName, externalId, profile }: Pick<User, 'userName' | 'externalId' | 'profile'>): JsonObject => ({
  userName,
  externalId,
  ...profile,
})

const targetOf = (user: User) => ({ type: 'user', id: user.id, name: user.userName })

/** Creates a user under the scope's connection, with the id given where one is. @throws AppError conflict where userName or externalId is taken */
export async function createUser(c: Change, scope: Scope, input: UserInput, id: string = c.newId()): Promise<UserWithGroups> {
  const { unique, secrets: _, ...attributes } = input
  const user: User = { ...attributes, id, version: 1, epoch: 1, createdAt: c.now, updatedAt: c.now }
  await userStore(c.trx).create(scope, user, { identity: c.newId(), state: c.newId(), change: c.id })
  if (unique) await claimUniqueValues(c, user.id, unique)
  c.record({
    event: 'user.created',
    target: targetOf(user),
    changed: { active: { after: user.active }, userName: { after: user.userName } },
  })
  return { ...user, groups: [] }
}

/** Reads a user for a change and keeps other writers off it until the change ends. Undefined where the scope sees no such user. */
export async function lockUser(c: Change, scope: Scope, id: string): Promise<User | undefined> {
  return isId(id) ? userStore(c.trx).lock(scope, id, 'for no key update') : undefined
}

/** The same for whoever has this userName. */
export async function lockUserNamed(c: Change, scope: Scope, userName: string): Promise<User | undefined> {
  const id = await userStore(c.trx).idOf(scope, userName)
  return id === undefined ? undefined : lockUser(c, scope, id)
}

/**
 * Gives a locked user new attributes. Equal ones change nothing: no version, no event. Switching off moves the epoch, so sessions and
 * tokens end with this commit; switching on revives none of them.
 */
export async function replaceUser(c: Change, scope: Scope, before: User, input: UserInput): Promise<User> {
  const { unique, secrets, ...attributes } = input
  const fields = changedFields(attributesOf(before), attributesOf(attributes), secrets)
  const switched = before.active !== attributes.active
  if (!switched && Object.keys(fields).length === 0) return before
  const leaves = switched && !attributes.active
  const after: User = {
    ...before,
    ...attributes,
    version: before.version + 1,
    epoch: leaves ? before.epoch + 1 : before.epoch,
    updatedAt: c.now,
  }
  const history = userHistoryStore(c.trx)
  await userStore(c.trx).update(scope, after)
  await history.open(scope, after, { state: c.newId(), change: c.id })
  if (before.externalId !== after.externalId) {
    await history.unlink(scope, after.id, c.id)
    await history.link(scope, after, { identity: c.newId(), change: c.id })
  }
  if (unique) await claimUniqueValues(c, after.id, unique)
  if (Object.keys(fields).length > 0) c.record({ event: 'user.updated', target: targetOf(after), changed: fields })
  if (switched) c.record({ event: leaves ? 'user.deactivated' : 'user.reactivated', target: targetOf(after) })
  return after
}

/**
 * Removes a user for good: a tombstone stays, userName and externalId are free, memberships, links and whatever the user held are
 * closed. Returns false where the scope sees no such user.
 */
export async function deleteUser(c: Change, scope: Scope, id: string): Promise<boolean> {
  if (!isId(id)) return false
  // Groups before the user, as every change of members takes its locks.
  await lockGroupsOf(c, id)
  const user = await userStore(c.trx).lock(scope, id, 'for update')
  if (!user) return false
  await closeMembershipsOf(c, id)
  await userHistoryStore(c.trx).closeAll(scope.orgId, id, c.id)
  await releaseUniqueValues(c, id)
  await userStore(c.trx).bury(scope, id, c.now)
  c.record({ event: 'user.deleted', target: targetOf(user), changed: { active: { before: user.active } } })
  return true
}

/** How many users of the scope are active, with the change's own eyes; counting ends at `most`. */
export function countActiveUsers(c: Change, scope: Scope, most: number): Promise<number> {
  return userStore(c.trx).countActive(scope, most)
}

/** One user with the groups it is in. */
export async function findUser(db: Knex, scope: Scope, id: string): Promise<{ user: User; groups: GroupOfUser[] } | undefined> {
  return isId(id) ? userStore(db).find(scope, id) : undefined
}

/** Groups of many users, by user id. */
export function groupsOfUsers(db: Knex, scope: Scope, userIds: readonly string[]): Promise<Map<string, GroupOfUser[]>> {
  return userGroupsStore(db).groupsOf(scope, userIds)
}

/** A page of the users a scope sees, with the number of all that match. */
export function listUsers(
  db: Knex,
  scope: Scope,
  where: CompiledPredicate,
  order: CompiledOrder,
  page: Page,
): Promise<Listed<UserWithGroups>> {
  return userStore(db).list(scope, where, order, page)
}

/** A page of the users a scope sees, from where a walk stands; nothing is counted. */
export function walkUsers(
  db: Knex,
  scope: Scope,
  where: CompiledPredicate,
  walk: CompiledWalk,
  limit: number,
): Promise<Walked<User>> {
  return userStore(db).walk(scope, where, walk, limit)
}
