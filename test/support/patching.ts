import type { ResourceType } from '../../src/contract/attribute-definition.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import type { Switches } from '../../src/scim/dialects/switches.js'
import { applyPatch, type MemberDelta, planPatch, readPatch } from '../../src/scim/patch.js'
import { groupType } from '../../src/scim/resource-types.js'
import { type as userKinds } from './kinds.js'
import { refusalOf } from './refusal.js'

/** Short ways to send operations to the PATCH engine as the door does: envelope first, then the document. */

export const { rfc: strict, generic, entra } = profiles
export const legacy: Switches = profiles['entra-legacy']

export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const message = (operations: Json[]): JsonObject => ({ schemas: [patchOp], Operations: operations })

type Options = { readonly switches?: Switches; readonly type?: ResourceType }

export function patch(document: JsonObject, operations: Json[], { switches = generic, type = userKinds }: Options = {}) {
  return applyPatch(type, document, planPatch(type, readPatch(message(operations), switches), switches))
}

/** The document after the operations; the type has an extension with attributes of every kind. */
export function patched(document: JsonObject, operations: Json[], switches: Switches = generic): JsonObject {
  return patch(document, operations, { switches }).document
}

/** `scim_no_target: sentence`. */
export function patchRefusal(document: JsonObject, operations: Json[], switches: Switches = generic): string {
  return refusalOf(() => patch(document, operations, { switches }))
}

/** What operations do to the members of a group. */
export function memberDeltas(operations: Json[], switches: Switches = generic): readonly MemberDelta[] {
  return patch({ displayName: 'Tour Guides' }, operations, { switches, type: groupType }).members
}

export function memberRefusal(operations: Json[], switches: Switches = generic): string {
  return refusalOf(() => memberDeltas(operations, switches))
}
