import type { LoggedCall } from '../connections/index.js'
import { type AppError, conflict } from '../platform/errors.js'
import type { Json } from '../platform/json.js'
import { isObject } from './keys.js'
import { patchOp } from './patch-body.js'

/** The body by which a logged write is tried again, or why there is none. */

export const notReplayable = (detail: string): AppError => conflict('not_replayable', detail)

/**
 * What was understood then, as a body of today; a bulk request as it came, since its parts refer to each other. `coreSchema` is the URN
 * of the type. @throws AppError conflict `not_replayable`
 */
export function replayBody({ method, route, request, understood }: LoggedCall, coreSchema: string): Json | undefined {
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) || route.endsWith('.search')) {
    throw notReplayable('This call only read, so there is nothing to replay.')
  }
  if (route.endsWith('.delete')) return undefined
  const stored = route === 'scim.bulk.run' ? request : understood
  if (!isObject(stored)) throw notReplayable('The call was refused before it was understood, or its body was dropped.')
  const { cut, gaps, body, document, operations } = stored
  if (cut) throw notReplayable('The body was too long to be stored whole, and a part of it would do something else.')
  if (Array.isArray(gaps)) {
    const missing = gaps.map(String).join(', ')
    throw notReplayable(`The body had secrets, which are not stored (${missing}); without them it would do something else.`)
  }
  if (operations !== undefined) return { schemas: [patchOp], Operations: operations }
  if (isObject(document)) {
    const extensions = Object.keys(document).filter((key) => key.startsWith('urn:'))
    return { schemas: [coreSchema, ...extensions], ...document }
  }
  if (body === undefined) throw notReplayable('The body of the call was dropped: too many calls waited to be written.')
  return body
}
