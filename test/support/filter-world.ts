import type { AttributeDefinition, ResourceType } from '../../src/contract/attribute-definition.js'
import { fold, foldDocument } from '../../src/directory/fold.js'
import type { Knex } from '../../src/platform/db/open.js'
import { newId } from '../../src/platform/ids.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { groupType, userType } from '../../src/scim/resource-types.js'

/** A small organization straight in the tables, and the documents that a GET would show of it. */

export type UserSeed = {
  readonly userName: string
  readonly active: boolean
  readonly externalId: string | null
  readonly profile: JsonObject
  /** Microseconds within the one second in which everything happens. */
  readonly createdAt: number
  readonly updatedAt: number
  /** Who sees it: the connection under test, another one, or nobody any more. */
  readonly fate: 'seen' | 'foreign' | 'deleted'
}

export type GroupSeed = Omit<UserSeed, 'userName' | 'active'> & { readonly displayName: string }

/** Members by position in the lists of users and groups; `by` says whose fact it is, `ended` that it is closed. */
export type LinkSeed = {
  readonly group: number
  readonly member: { readonly user: number } | { readonly group: number }
  readonly by: 'connection' | 'hand'
  readonly ended: boolean
}

export type WorldSeed = {
  readonly users: readonly UserSeed[]
  readonly groups: readonly GroupSeed[]
  readonly links: readonly LinkSeed[]
}

export type World = {
  readonly scope: { readonly orgId: string; readonly connectionId: string }
  readonly users: readonly JsonObject[]
  readonly groups: readonly JsonObject[]
  /** Every user and group id, the hidden ones included. */
  readonly ids: readonly string[]
  /** The id of the user or group of that name, hidden or not. */
  readonly idOf: (name: string) => string
}

const stored = (micros: number) => `2024-02-29T12:00:00.${String(micros).padStart(6, '0')}Z`
const shown = (micros: number) => `${stored(micros).slice(0, 23)}Z`

/** Writes the seed as a new organization. */
export async function buildWorld(
  db: Knex,
  seed: WorldSeed,
  types: { user: ResourceType; group: ResourceType } = { user: userType, group: groupType },
): Promise<World> {
  const [orgId, connectionId, otherId, change] = [newId(), newId(), newId(), newId()]
  const at = stored(0)
  const users = seed.users.map((user) => ({ ...user, id: newId() }))
  const groups = seed.groups.map((group) => ({ ...group, id: newId() }))
  const row = (one: Omit<GroupSeed, 'displayName'> & { id: string }) => ({
    org_id: orgId,
    id: one.id,
    managed_by: one.fate === 'foreign' ? otherId : connectionId,
    profile: JSON.stringify(one.profile),
    search: JSON.stringify(foldDocument(one.profile)),
    created_at: stored(one.createdAt),
    updated_at: stored(one.updatedAt),
    deleted_at: one.fate === 'deleted' ? at : null,
  })
  const displayName = (user: UserSeed) => (typeof user.profile.displayName === 'string' ? user.profile.displayName : undefined)
  const links = seed.links.flatMap(({ group, member, by, ended }) => {
    const holder = groups[group]
    const user = 'user' in member ? users[member.user] : undefined
    const child = 'group' in member ? groups[member.group] : undefined
    const one = user ?? child
    return holder && one ? [{ holder, user, child, one, by, ended }] : []
  })
  await db('organizations').insert({ org_id: orgId, name: 'world', created_at: at, updated_at: at })
  const connection = { org_id: orgId, kind: 'scim', profile: 'generic', created_at: at, updated_at: at }
  await db('connections').insert([
    { ...connection, id: connectionId, name: 'under test' },
    { ...connection, id: otherId, name: 'another' },
  ])
  await insertAll(
    db,
    'users',
    users.map((user) => ({
      ...row(user),
      user_name: user.userName,
      user_name_key: fold(user.userName.trim()),
      display_name_key: displayName(user) === undefined ? null : fold(displayName(user) ?? ''),
      active: user.active,
    })),
  )
  await insertAll(
    db,
    'identities',
    users.map((user) => ({
      org_id: orgId,
      id: newId(),
      user_id: user.id,
      connection_id: user.fate === 'foreign' ? otherId : connectionId,
      external_id: user.externalId,
      opened_by: change,
      closed_by: user.fate === 'deleted' ? change : null,
    })),
  )
  await insertAll(
    db,
    'groups',
    groups.map((group) => ({
      ...row(group),
      display_name: group.displayName,
      display_name_key: fold(group.displayName),
      external_id: group.externalId,
    })),
  )
  await insertAll(
    db,
    'memberships',
    links.map(({ holder, user, child, by, ended }) => ({
      org_id: orgId,
      id: newId(),
      group_id: holder.id,
      user_id: user?.id ?? null,
      child_group_id: child?.id ?? null,
      connection_id: by === 'connection' ? connectionId : null,
      opened_by: change,
      closed_by: ended ? change : null,
    })),
  )

  const open = links.filter((link) => !link.ended)
  const common = (type: ResourceType, one: UserSeed | (GroupSeed & { id: string }), id: string) => ({
    schemas: [type.schema.id, ...type.extensions.map((extension) => extension.schema.id).filter((urn) => one.profile[urn])],
    id,
    ...(one.externalId !== null && { externalId: one.externalId }),
    ...readable(type, one.profile),
    meta: { resourceType: type.name, created: shown(one.createdAt), lastModified: shown(one.updatedAt) },
  })
  const above = (ids: ReadonlySet<string>): Set<string> =>
    new Set(open.filter((link) => ids.has(link.one.id)).map((link) => link.holder.id))
  const groupsOf = (id: string) => {
    const direct = above(new Set([id]))
    const all = new Set(direct)
    for (let size = -1; size < all.size; ) {
      size = all.size
      for (const found of above(all)) all.add(found)
    }
    return groups
      .filter((group) => all.has(group.id) && group.fate === 'seen')
      .map((group) => ({ value: group.id, display: group.displayName, type: direct.has(group.id) ? 'direct' : 'indirect' }))
  }
  const membersOf = (id: string) =>
    open
      .filter((link) => link.holder.id === id && link.one.fate === 'seen')
      .map(({ user, child, one }) => ({
        value: one.id,
        type: user ? 'User' : 'Group',
        display: user ? (displayName(user) ?? user.userName) : (child?.displayName ?? ''),
      }))
  return {
    scope: { orgId, connectionId },
    users: users
      .filter((user) => user.fate === 'seen')
      .map((user) => ({
        ...common(types.user, user, user.id),
        userName: user.userName,
        active: user.active,
        groups: groupsOf(user.id),
      })),
    groups: groups
      .filter((group) => group.fate === 'seen')
      .map((group) => ({
        ...common(types.group, group, group.id),
        displayName: group.displayName,
        members: membersOf(group.id),
      })),
    ids: [...users, ...groups].map((one) => one.id),
    idOf: (name) => users.find((one) => one.userName === name)?.id ?? groups.find((one) => one.displayName === name)?.id ?? '',
  }
}

async function insertAll(db: Knex, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await db(table).insert(rows)
}

/** The profile without what is never returned. */
function readable(type: ResourceType, profile: JsonObject): JsonObject {
  const extensions = type.extensions.flatMap(({ schema }) => {
    const found = profile[schema.id]
    return isObject(found) ? [[schema.id, shownParts(schema.attributes, found)] as const] : []
  })
  return { ...shownParts(type.schema.attributes, profile), ...Object.fromEntries(extensions) }
}

function shownParts(definitions: readonly AttributeDefinition[], object: JsonObject): JsonObject {
  const parts = definitions.flatMap(({ name, returned, subAttributes }) => {
    const value = object[name]
    if (value === undefined || returned === 'never') return []
    return [[name, isObject(value) ? shownParts((subAttributes ?? []) as AttributeDefinition[], value) : value] as const]
  })
  return Object.fromEntries(parts)
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
