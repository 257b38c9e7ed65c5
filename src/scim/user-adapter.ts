import {
  createUser,
  deleteUser,
  findUser,
  groupsOfUsers,
  listUsers,
  lockUser,
  replaceUser,
  type User,
  userFilterTarget,
} from '../directory/index.js'
import type { Adapter } from './adapter.js'
import { compileQuery } from './compile-query.js'
import { wants } from './projection.js'
import { userAttributes, userInput, userResource } from './user-resource.js'

/** Users as the protocol sees them. */
export const userAdapter: Adapter<User> = {
  noun: 'users',
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
    // The version of a user covers the groups shown, so they are loaded unless neither is wanted.
    const needed = wants(type, asked.query.selection, 'groups') || wants(type, asked.query.selection, 'meta')
    const groups = needed
      ? await groupsOfUsers(
          db,
          caller.scope,
          items.map((user) => user.id),
        )
      : new Map()
    return { total, items: items.map((user) => userResource(type, user, groups.get(user.id) ?? [], caller.baseUrl)) }
  },
  create: (c, caller, document, id) =>
    createUser(c, caller.scope, userInput(caller.types.user, document, { active: true }), id),
  lock: (c, caller, id) => lockUser(c, caller.scope, id),
  versionOf: (user) => user.version,
  attributesOf: userAttributes,
  save: (c, caller, before, written) =>
    replaceUser(c, caller.scope, before, userInput(caller.types.user, written.document, before)),
  remove: (c, caller, id) => deleteUser(c, caller.scope, id),
  present: async (db, caller, user) => {
    const groups = await groupsOfUsers(db, caller.scope, [user.id])
    return userResource(caller.types.user, user, groups.get(user.id) ?? [], caller.baseUrl)
  },
  patchReply: () => 'resource',
}
