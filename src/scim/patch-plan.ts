import type { ResourceType, Schema } from '../contract/attribute-definition.js'
import type { Json } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import type { FilterSyntax } from './filter-syntax.js'
import { distinctEntries, isObject, unknown } from './keys.js'
import type { Verb } from './patch-assign.js'
import type { PatchOperation } from './patch-body.js'
import { type Change, changeOf, type ResolvedOperation, resolveOperation } from './patch-change.js'
import { isMembers, joinDeltas, type MemberDelta, readMemberDelta } from './patch-members.js'
import { type AttributeTarget, isReadOnly, pathOf, resolveTarget, type Target } from './patch-target.js'
import { mismatch, type ValueSwitches } from './value.js'

/**
 * A list of operations becomes a list of steps, each on one attribute of the schema (RFC 7644 §3.5.2). Every path segment and value
 * key is resolved, and every value read, before the first step is applied.
 */

export type PatchSwitches = ValueSwitches & Pick<Switches, 'missingTarget' | 'removeAllMembers' | 'dottedExtensionPaths'>

/** What happens to one top-level attribute, or the removal of a whole extension. */
export type Step =
  | (ResolvedOperation & { readonly kind: 'attribute'; readonly change: Change })
  | { readonly kind: 'extension'; readonly schema: Schema }

/** Operations in the schema's own words, in their order; those on members are apart, since members are rows. */
export type PatchPlan = { readonly steps: readonly Step[]; readonly members: readonly MemberDelta[] }

type Holder = Exclude<Target, AttributeTarget>

type Planner = {
  readonly type: ResourceType
  readonly switches: PatchSwitches
  readonly steps: Step[]
  readonly members: MemberDelta[]
  /** Comparisons in the value filters so far. */
  terms: number
}

/** A value filter looks at every element of its list, so all filters of a PATCH together are bounded, not each alone. */
const mostTerms = 1_000

/** Plans operations for a resource of the type. Throws 400 invalidPath, invalidValue, invalidSyntax, invalidFilter, mutability, noTarget. */
export function planPatch(type: ResourceType, operations: readonly PatchOperation[], switches: PatchSwitches): PatchPlan {
  const planner: Planner = { type, switches, steps: [], members: [], terms: 0 }
  for (const operation of operations) plan(planner, operation)
  return { steps: planner.steps, members: joinDeltas(planner.members) }
}

/** Paths of what a plan writes, without filters: what an answer to it shows even if it is only `returned: request`. */
export function writtenPaths({ steps, members }: PatchPlan): string[] {
  const paths = steps.map((step) => (step.kind === 'extension' ? step.schema.id : pathOf(step.target)))
  return members.length > 0 ? [...paths, 'members'] : paths
}

function plan(planner: Planner, operation: PatchOperation): void {
  const { op, path } = operation
  const value = operation.value ?? null
  const target: Target | undefined =
    path === undefined ? { kind: 'resource' } : resolveTarget(planner.type, path, planner.switches)
  if (!target) throw refuse('invalidPath', `"${path?.slice(0, 200)}" is not an attribute of a ${planner.type.name}.`)
  if (target.kind !== 'attribute') {
    if (op === 'remove') planRemoval(planner, target)
    else planValue(planner, op, value, target)
  } else if (isReadOnly(target)) throw refuse('mutability', `"${pathOf(target)}" is read-only; the server sets it.`)
  else if (!isSchemas(target)) planAttribute(planner, target, op, value)
  else if (op === 'remove') throw refuse('mutability', '"schemas" is required and cannot be removed.')
}

/** Each key of a value without path, or of a whole extension's value, is a path of its own; read-only ones are passed over. */
function planValue(planner: Planner, op: Verb, value: Json, holder: Holder): void {
  const urn = holder.kind === 'extension' ? holder.schema.id : ''
  if (value === null && holder.kind === 'extension') {
    if (op === 'replace') planRemoval(planner, holder)
    return
  }
  if (!isObject(value)) throw mismatch(urn === '' ? 'value' : urn, 'an object that holds attributes', value)
  const seen = new Set<string>()
  for (const [key, inner] of distinctEntries(value, urn)) {
    const target = resolveTarget(planner.type, urn === '' ? key : `${urn}:${key}`, planner.switches)
    if (!target) unknown(key, urn, planner.switches)
    else if (target.kind !== 'attribute') planValue(planner, op, inner, target)
    else if (!isReadOnly(target) && !isSchemas(target)) {
      const path = pathOf(target)
      if (seen.has(path) && !target.filter) throw refuse('invalidSyntax', `"${path}" is there twice in one value; send it once.`)
      seen.add(path)
      planAttribute(planner, target, op, inner)
    }
  }
}

function planAttribute(planner: Planner, target: AttributeTarget, op: PatchOperation['op'], value: Json): void {
  if (isMembers(target)) {
    const delta = readMemberDelta(target, op, value, planner.switches)
    if (delta) planner.members.push(delta)
    return
  }
  planner.terms += target.filter ? termsIn(target.filter) : 0
  if (planner.terms > mostTerms) {
    throw refuse('invalidFilter', `The value filters of a PATCH may have at most ${mostTerms} terms in all. Send it in parts.`)
  }
  const operation = resolveOperation(target, op, value, planner.switches)
  planner.steps.push({ kind: 'attribute', ...operation, change: changeOf(operation, planner.switches) })
}

function termsIn(filter: FilterSyntax): number {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + termsIn(term), 0)
    case 'not':
      return termsIn(filter.term)
    case 'valuePath':
      return termsIn(filter.filter)
    default:
      return 1
  }
}

function planRemoval(planner: Planner, holder: Holder): void {
  if (holder.kind === 'resource') {
    throw refuse('noTarget', 'A PATCH cannot remove the resource itself; name an attribute, or send DELETE.')
  }
  const { schema, required } = holder
  if (required) throw refuse('mutability', `"${schema.id}" is required and cannot be removed.`)
  planner.steps.push({ kind: 'extension', schema })
}

/** The server derives `schemas` from what a resource holds; what clients say about it is taken without effect. */
function isSchemas(target: AttributeTarget): boolean {
  return target.urn === undefined && target.attribute.name === 'schemas'
}
