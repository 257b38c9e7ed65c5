import {
  compileWalk,
  createGroup,
  deleteGroup,
  findGroup,
  type Group,
  groupFilterTarget,
  listGroups,
  lockGroup,
  membersOfGroups,
  replaceGroup,
  walkGroups,
} from '../directory/index.js'
import type { Knex } from '../platform/db/open.js'
import type { JsonObject } from '../platform/json.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { compileQuery, compileWhere } from './compile-query.js'
import { groupAttributes, groupInput, groupResource, memberIds, postponeMembers } from './group-resource.js'
import { applyMembers } from './member-deltas.js'
import { wants } from './projection.js'
import type { Selection } from './selection.js'

async function presentAll(db: Knex, caller: ScimCaller, groups: readonly Group[], selection: Selection): Promise<JsonObject[]> {
  const type = caller.types.group
  const ids = groups.map((group) => group.id)
  const shown = groups.length > 0 && wants(type, selection, 'members')
  const members = shown ? await membersOfGroups(db, caller.scope, ids) : new Map()
  return groups.map((group) => groupResource(type, group, members.get(group.id), caller.baseUrl))
}

/** Groups as the protocol sees them. Members are loaded only where the answer shows them. */
export const groupAdapter: Adapter<Group> = {
  noun: 'groups',
  family: 'groups',
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
    return { total, items: await presentAll(db, caller, items, asked.query.selection) }
  },
  walk: async (db, caller, { question, selection, after, limit }) => {
    const target = groupFilterTarget(caller.scope)
    const walk = compileWalk(target, question.sort, after)
    const walked = await walkGroups(db, caller.scope, compileWhere(target, question), walk, limit)
    return { ...walked, items: await presentAll(db, caller, walked.items, selection) }
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
