import type { Json } from '../platform/json.js'
import { findAttribute } from './attributes.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import type { FilterSyntax } from './filter-syntax.js'
import { isObject } from './keys.js'
import type { AttributeTarget } from './patch-target.js'
import { readGiven } from './patch-value.js'
import { groupSchema } from './schema-group.js'
import type { ValueSwitches } from './value.js'

/**
 * Operations on the members of a group. Members are rows, never part of a document, so what comes out is not a new list but what
 * happens to the rows, in order: one member added to a group of 100,000 is one delta of one.
 */

/** `type` is "User" or "Group" as the client sent it, where it did. */
export type MemberValue = { readonly value: string; readonly type?: string }

/**
 * What happens to the members, one after the other. Adding who is a member and removing who is none are no change. `removeWhere` has
 * a filter relative to the member, already checked against the schema.
 */
export type MemberDelta =
  | { readonly kind: 'add' | 'replaceAll'; readonly values: readonly MemberValue[] }
  | { readonly kind: 'remove'; readonly values: readonly string[] }
  | { readonly kind: 'removeWhere'; readonly filter: FilterSyntax }
  | { readonly kind: 'removeAll' }

type MemberSwitches = ValueSwitches & Pick<Switches, 'removeAllMembers'>

const membersOfGroups = findAttribute(groupSchema.attributes, 'members')

/** Whether the attribute is kept as rows of `memberships`; a declared type may have one of the same name that is not. */
export function isMembers(target: AttributeTarget): boolean {
  return target.urn === undefined && target.attribute === membersOfGroups
}

/**
 * Reads one operation on `members`; null and no value are the same to a remove. Undefined where nothing happens. Throws 400
 * mutability, invalidValue, invalidFilter, and noTarget for emptying the group where the connection does not allow that.
 */
export function readMemberDelta(
  target: AttributeTarget,
  op: 'add' | 'replace' | 'remove',
  value: Json,
  switches: MemberSwitches,
): MemberDelta | undefined {
  const removes = op === 'remove' || (op === 'replace' && value === null)
  if (target.sub || (target.filter && !removes)) {
    throw refuse('mutability', 'What says who a member is cannot be changed; remove the member and add another one.')
  }
  if (target.filter) return removed(target.filter)
  if (value === null) return removes ? removedAll(switches) : undefined
  const members = readMembers(target, value, switches)
  if (op === 'replace') return { kind: 'replaceAll', values: members }
  if (members.length === 0) return undefined
  return op === 'add' ? { kind: 'add', values: members } : { kind: 'remove', values: members.map((member) => member.value) }
}

/** The same deltas with neighbours of one kind joined: Entra sends one operation a member. */
export function joinDeltas(deltas: readonly MemberDelta[]): MemberDelta[] {
  const runs: MemberDelta[][] = []
  for (const delta of deltas) {
    const run = runs.at(-1)
    const joins = run?.[0]?.kind === delta.kind && (delta.kind === 'add' || delta.kind === 'remove')
    if (run && joins) run.push(delta)
    else runs.push([delta])
  }
  return runs.flatMap((run) => {
    const [first, ...others] = run
    if (!first || others.length === 0) return run
    if (first.kind === 'remove') {
      return [{ kind: 'remove', values: [...new Set(run.flatMap((delta) => (delta.kind === 'remove' ? delta.values : [])))] }]
    }
    return [{ kind: 'add', values: distinct(run.flatMap((delta) => (delta.kind === 'add' ? delta.values : []))) }]
  })
}

function removed(filter: FilterSyntax): MemberDelta {
  const ids = idsOf(filter)
  return ids ? { kind: 'remove', values: [...new Set(ids)] } : { kind: 'removeWhere', filter }
}

/** The ids of a filter that only lists ids: `value eq "a" or value eq "b"`. */
function idsOf(filter: FilterSyntax): string[] | undefined {
  if (filter.op === 'eq') {
    return filter.path.toLowerCase() === 'value' && typeof filter.value === 'string' ? [filter.value] : undefined
  }
  if (filter.op !== 'or') return undefined
  const ids = filter.terms.map(idsOf)
  return ids.every((some) => some !== undefined) ? ids.flat() : undefined
}

function removedAll(switches: MemberSwitches): MemberDelta {
  if (switches.removeAllMembers === 'allow') return { kind: 'removeAll' }
  const detail =
    'This would remove every member, which this connection does not allow: name members by a filter such as ' +
    'members[value eq "id"] or by a value list, or replace "members" with an empty list.'
  throw refuse('noTarget', detail)
}

function readMembers(target: AttributeTarget, value: Json, switches: MemberSwitches): MemberValue[] {
  const given = readGiven(target.attribute, value, target.label, switches)
  const members = (Array.isArray(given) ? given : []).map((element): MemberValue => {
    if (!isObject(element) || typeof element.value !== 'string') {
      throw refuse('invalidValue', 'Every member needs a "value": the id of the user or group.')
    }
    return { value: element.value, ...(typeof element.type === 'string' && { type: element.type }) }
  })
  return distinct(members)
}

/** One member once; ids compare with case. */
function distinct(members: readonly MemberValue[]): MemberValue[] {
  return [...new Map(members.map((member) => [member.value, member])).values()]
}
