import {
  createGroup,
  deleteGroup,
  findGroup,
  type Group,
  groupFilterTarget,
  listGroups,
  lockGroup,
  membersOfGroups,
  replaceGroup,
} from '../directory/index.js'
import type { Adapter } from './adapter.js'
import { compileQuery } from './compile-query.js'
import { groupAttributes, groupInput, groupResource, memberIds, postponeMembers } from './group-resource.js'
import { applyMembers } from './member-deltas.js'
import { wants } from './projection.js'

/** Groups as the protocol sees them. Members are loaded only where the answer shows them. */
export const groupAdapter: Adapter<Group> = {
  noun: 'groups',
  endpoint: '/Groups',
  typeOf: (caller) => caller.types.group,
  find: async (db, caller, id, selection) => {
    const group = await findGroup(db, caller.scope, id)
    return group && groupAdapter.present(db, caller, group, selection)
  },
  list: async (db, caller, asked) => {
    const type = caller.types.group
    const { where, order } = compileQuery(type, groupFilterTarget(caller.scope), asked, caller.switches)
    const { total, items } = await listGroups(db, caller.scope, where, order, asked.page)
    const ids = items.map((group) => group.id)
    const members = wants(type, asked.query.selection, 'members') ? await membersOfGroups(db, caller.scope, ids) : new Map()
    return { total, items: items.map((group) => groupResource(type, group, members.get(group.id), caller.baseUrl)) }
  },
  create: (c, caller, document, id) =>
    createGroup(c, caller.scope, groupInput(caller.types.group, document), {
      id,
      members: memberIds(document),
      names: caller.switches.groupNames,
    }),
  postpone: postponeMembers,
  lock: (c, caller, id) => lockGroup(c, caller.scope, id),
  versionOf: (group) => group.version,
  attributesOf: groupAttributes,
  save: async (c, caller, before, written) => {
    const members = await applyMembers(c, caller, before.id, written)
    const input = groupInput(caller.types.group, written.document)
    return replaceGroup(c, caller.scope, before, input, { members, names: caller.switches.groupNames })
  },
  remove: (c, caller, id) => deleteGroup(c, caller.scope, id),
  present: async (db, caller, group, selection) => {
    const shown = wants(caller.types.group, selection, 'members')
    const members = shown ? (await membersOfGroups(db, caller.scope, [group.id])).get(group.id) : undefined
    return groupResource(caller.types.group, group, members, caller.baseUrl)
  },
  patchReply: (caller) => caller.switches.groupPatchReply,
}
