import type { Json, JsonObject } from '../platform/json.js'
import { canonicalOperations } from './dialects/canonical-operations.js'
import { profiles } from './dialects/profiles.js'
import type { MemberDelta } from './patch-members.js'
import type { Understood } from './provision-log-notes.js'
import { redactPatch, redactResource } from './provision-log-redact.js'
import { openRedaction } from './provision-log-redaction.js'
import { mostOfBody, remarks } from './provision-log-request.js'

/**
 * What the engine understood, in the words of RFC 7644, as the provisioning log keeps it: `{ document }` or `{ operations }`, with
 * `cut` and `gaps` where something is missing that a replay would need.
 */

/** More members than this are not written down again: room is used up long before. */
const mostMembers = 2_000

export function recountUnderstood(understood: Understood | undefined): { value: JsonObject | null; room: number } {
  const redaction = openRedaction(mostOfBody)
  if (!understood) return { value: null, room: redaction.room }
  const { type } = understood
  if ('document' in understood) {
    const document = redactResource(type, understood.document, redaction)
    return { value: { document, ...remarks(redaction) }, room: redaction.room }
  }
  const { steps, members } = understood.plan
  const few = members.map(shortened)
  if (few.some((delta, at) => delta !== members[at])) redaction.cut = true
  const operations = canonicalOperations(type, { steps, members: few }) as unknown as Json
  const value = { operations: redactPatch(type, operations, profiles.rfc, redaction), ...remarks(redaction) }
  return { value, room: redaction.room }
}

function shortened(delta: MemberDelta): MemberDelta {
  if (!('values' in delta) || delta.values.length <= mostMembers) return delta
  return { ...delta, values: delta.values.slice(0, mostMembers) } as MemberDelta
}
