import { isDeepStrictEqual } from 'node:util'
import { type ScimResource, scimPatch } from 'scim-patch'
import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import { AppError } from '../platform/errors.js'
import type { Json, JsonObject } from '../platform/json.js'
import { own } from './element-match.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'
import { checkMutability } from './patch-assign.js'
import type { Change } from './patch-change.js'
import type { MemberDelta } from './patch-members.js'
import type { PatchPlan } from './patch-plan.js'
import { missingRequired } from './required.js'

export { readPatch } from './patch-body.js'
export type { MemberDelta } from './patch-members.js'
export { type PatchPlan, planPatch, writtenPaths } from './patch-plan.js'

/**
 * PATCH (RFC 7644 §3.5.2) on a document, all or nothing: the document given is never touched, and a list of operations with one bad
 * operation throws. No key of the result comes from the client; all are names of the schema.
 */

/** `changed` is about the document; whether the deltas change any membership only the rows can say. */
export type Patched = {
  readonly document: JsonObject
  readonly changed: boolean
  readonly members: readonly MemberDelta[]
}

/**
 * Applies a plan (from planPatch) in its order. `document` is a resource in canonical spelling as readDocument gives it; it may
 * hold `id`, `meta` and `schemas`, which stay as they are. Operations on the members of a group come back as deltas, not in the
 * document. Throws 400 with the scimType of RFC 7644 §3.12.
 */
export function applyPatch(type: ResourceType, document: JsonObject, { steps, members }: PatchPlan): Patched {
  const before = structuredClone(document)
  const after = structuredClone(document)
  const bounded = boundLooks()
  for (const step of steps) {
    if (step.kind === 'extension') clear(after, step.schema)
    else change(after, step.target.urn, step.target, bounded(step.change))
  }
  for (const { schema } of type.extensions) {
    if (isEmpty(own(after, schema.id))) delete after[schema.id]
  }
  const lacked = missingRequired(type, before)
  const missing = missingRequired(type, after).find((path) => !lacked.includes(path))
  if (missing !== undefined) throw refuse('invalidValue', `"${missing}" is required and must not be blank.`)
  return { document: after, changed: !isDeepStrictEqual(before, after), members }
}

/** Elements of lists that one PATCH may go through: every operation on a list looks at all of it. */
const mostLooks = 50_000

/** Changes that are run through the result count their looks together. Throws 413. */
function boundLooks(): (next: Change) => Change {
  let looks = 0
  return (next) => (current) => {
    looks += Array.isArray(current) ? current.length : 0
    if (looks > mostLooks) {
      throw new AppError(
        'too_large',
        'scim_too_much_work',
        'These operations on long lists are too much for one PATCH. Send them in parts.',
      )
    }
    return next(current)
  }
}

type Place = { readonly attribute: AttributeDefinition; readonly label: string }

function change(document: JsonObject, urn: string | undefined, { attribute, label }: Place, next: Change): void {
  const extension = urn === undefined ? undefined : own(document, urn)
  const holder = urn === undefined ? document : isObject(extension) ? extension : {}
  const before = own(holder, attribute.name)
  const after = next(before)
  checkMutability(attribute, before, after, label)
  assign(holder, attribute.name, after)
  if (urn !== undefined) document[urn] = holder
}

/** An extension goes with everything in it that clients may write, its required attributes too. */
function clear(document: JsonObject, schema: Schema): void {
  for (const attribute of schema.attributes) {
    if (attribute.mutability === 'readOnly') continue
    const place = { attribute: { ...attribute, required: false }, label: `${schema.id}:${attribute.name}` }
    change(document, schema.id, place, () => undefined)
  }
}

/**
 * The one place where scim-patch acts. On its own it follows whatever path it is given, into `Object.prototype` too, and splits
 * URNs and quoted dots wrongly; here it is only told "this key of the schema now holds this", or that it holds nothing.
 */
function assign(holder: JsonObject, key: string, value: Json | undefined): void {
  // scim-patch types a whole resource with meta and schemas, of which it reads neither.
  const resource = holder as unknown as ScimResource
  if (value === undefined) scimPatch(resource, [{ op: 'remove', path: key }])
  else scimPatch(resource, [{ op: 'replace', value: { [key]: value } }])
}

function isEmpty(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0
}
