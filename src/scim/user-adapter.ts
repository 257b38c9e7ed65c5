import {
  compileWalk,
  createUser,
  deleteUser,
  findUser,
  type GroupOfUser,
  groupsOfUsers,
  listUsers,
  lockUser,
  replaceUser,
  type UserWithGroups,
  userFilterTarget,
  walkUsers,
} from '../directory/index.js'
import type { Knex } from '../platform/db/open.js'
import type { JsonObject } from '../platform/json.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { compileQuery, compileWhere } from './compile-query.js'
import { wants } from './projection.js'
import type { Selection } from './selection.js'
import { userAttributes, userInput, userResource } from './user-resource.js'

async function presentAll(
  db: Knex,
  caller: ScimCaller,
  users: readonly UserWithGroups[],
  selection: Selection,
): Promise<JsonObject[]> {
  const type = caller.types.user
  // The version of a user covers the groups shown, so they are loaded unless neither is wanted.
  const needed = wants(type, selection, 'groups') || wants(type, selection, 'meta')
  const ids = needed ? users.filter((user) => !user.groups).map((user) => user.id) : []
  const loaded = ids.length > 0 ? await groupsOfUsers(db, caller.scope, ids) : new Map<string, GroupOfUser[]>()
  return users.map((user) => userResource(type, user, user.groups ?? loaded.get(user.id) ?? [], caller.baseUrl))
}

/** Users as the protocol sees them. */
export const userAdapter: Adapter<UserWithGroups> = {
  noun: 'users',
  family: 'users',
  endpoint: '/Users',
  typeOf: (caller) => caller.types.user,
  find: async (db, caller, id) => {
    const found = await findUser(db, caller.scope, id)
    return found && userResource(caller.types.user, found.user, found.groups, caller.baseUrl)
  },
  list: async (db, caller, asked) => {
    const type = caller.types.user
    const { where, order } = compileQuery(type, userFilterTarget(caller.scope), asked, caller.switches)
    const { total, items } = await listUsers(db, caller.scope, where, order, asked.page)
    return { total, items: await presentAll(db, caller, items, asked.query.selection) }
  },
  walk: async (db, caller, { question, selection, after, limit }) => {
    const target = userFilterTarget(caller.scope)
    const walk = compileWalk(target, question.sort, after)
    const walked = await walkUsers(db, caller.scope, compileWhere(target, question), walk, limit)
    return { ...walked, items: await presentAll(db, caller, walked.items, selection) }
  },
  create: (c, caller, document, id) => createUser(c, caller.scope, userInput(caller.types.user, document, { active: true }), id),
  lock: (c, caller, id) => lockUser(c, caller.scope, id),
  versionOf: (user) => user.version,
  attributesOf: userAttributes,
  save: (c, caller, before, written) =>
    replaceUser(c, caller.scope, before, userInput(caller.types.user, written.document, before)),
  remove: (c, caller, id) => deleteUser(c, caller.scope, id),
  present: async (db, caller, user) => {
    const groups = user.groups ?? (await groupsOfUsers(db, caller.scope, [user.id])).get(user.id) ?? []
    return userResource(caller.types.user, user, groups, caller.baseUrl)
  },
  patchReply: () => 'resource',
}
