import {
  addMembers,
  compileFilter,
  type MembersChanged,
  memberFilterTarget,
  removeMembers,
  removeMembersWhere,
  replaceMembers,
} from '../directory/index.js'
import type { Change } from '../journal/index.js'
import type { Written } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { resolveFilter } from './filter.js'
import { memberIds } from './group-resource.js'
import type { MemberDelta } from './patch.js'

/**
 * What a PUT or PATCH does to the members of a locked group, in the order of its operations. A PATCH sends differences, and only
 * differences reach the rows: no list is read, changed and written back.
 */
export async function applyMembers(c: Change, caller: ScimCaller, groupId: string, written: Written): Promise<MembersChanged> {
  if (written.by === 'put') return replaceMembers(c, caller.scope, groupId, memberIds(written.document))
  const added = new Set<string>()
  const removed = new Set<string>()
  for (const delta of written.members) {
    const step = await applyDelta(c, caller, groupId, delta)
    for (const id of step.added) if (!removed.delete(id)) added.add(id)
    for (const id of step.removed) if (!added.delete(id)) removed.add(id)
  }
  return { added: [...added], removed: [...removed] }
}

function applyDelta(c: Change, caller: ScimCaller, groupId: string, delta: MemberDelta): Promise<MembersChanged> {
  const { scope } = caller
  switch (delta.kind) {
    case 'add':
      return addMembers(
        c,
        scope,
        groupId,
        delta.values.map((member) => member.value),
      )
    case 'remove':
      return removeMembers(c, scope, groupId, delta.values)
    case 'removeWhere': {
      const path = { op: 'valuePath', path: 'members', filter: delta.filter } as const
      const predicate = resolveFilter(caller.types.group, path, caller.switches)
      const where = predicate.kind === 'any' ? predicate.where : predicate
      return removeMembersWhere(c, scope, groupId, compileFilter(memberFilterTarget(scope), where))
    }
    case 'replaceAll':
      return replaceMembers(
        c,
        scope,
        groupId,
        delta.values.map((member) => member.value),
      )
    case 'removeAll':
      return replaceMembers(c, scope, groupId, [])
  }
}
