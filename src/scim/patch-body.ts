import { AppError } from '../platform/errors.js'
import type { Json } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import { distinctEntries, isObject } from './keys.js'

/** The envelope of a PATCH: RFC 7644 §3.5.2. What passes is well formed; whether it fits the schema is for the plan to say. */

/** One operation as sent: `op` in lower case, `value` of a remove only where one was sent, no `path` for the resource itself. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path?: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string; readonly value?: Json }

/** The schema of a PATCH message. */
export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const mostOperations = 1_000

/**
 * Reads a PatchOp message; its names and `op` compare without case. Throws 400 invalidSyntax (shape), invalidPath, invalidValue
 * (add or replace without value), noTarget (remove without path) and 413 past 1,000 operations.
 */
export function readPatch(body: Json, switches: Pick<Switches, 'emptyOperations'>): PatchOperation[] {
  if (!isObject(body)) throw refuse('invalidSyntax', 'The body of a PATCH must be a JSON object with "schemas" and "Operations".')
  const members = membersOf(body, '')
  const schemas = members.get('schemas')
  if (!Array.isArray(schemas) || !schemas.some(isPatchOp)) {
    throw refuse('invalidSyntax', `"schemas" of a PATCH must be a list that contains "${patchOp}".`)
  }
  const operations = members.get('operations')
  if (!Array.isArray(operations)) throw refuse('invalidSyntax', '"Operations" must be a list of operations.')
  if (operations.length === 0 && switches.emptyOperations === 'refuse') {
    throw refuse('invalidSyntax', '"Operations" is empty; a PATCH has at least one operation.')
  }
  if (operations.length > mostOperations) {
    const detail = `A PATCH may have at most ${mostOperations} operations; ${operations.length} were sent. Send them in parts.`
    throw new AppError('too_large', 'scim_too_many_operations', detail)
  }
  return operations.map(readOperation)
}

function readOperation(operation: Json, index: number): PatchOperation {
  const at = `Operations[${index}]`
  if (!isObject(operation)) throw refuse('invalidSyntax', `${at} must be an object with "op".`)
  const members = membersOf(operation, at)
  const op = readOp(members.get('op'), at)
  const path = members.get('path') ?? undefined
  if (path !== undefined && typeof path !== 'string') throw refuse('invalidPath', `${at}: "path" must be a string.`)
  if (path?.trim() === '') {
    throw refuse('invalidPath', `${at}: "path" is empty; name an attribute, or leave "path" out to mean the resource itself.`)
  }
  const value = members.get('value')
  if (op === 'remove') {
    if (path === undefined) throw refuse('noTarget', `${at}: "remove" needs a "path" that says what to remove.`)
    return value === undefined ? { op, path } : { op, path, value }
  }
  if (value === undefined) throw refuse('invalidValue', `${at}: "${op}" needs a "value".`)
  return path === undefined ? { op, value } : { op, path, value }
}

function readOp(op: Json | undefined, at: string): PatchOperation['op'] {
  const lower = typeof op === 'string' ? op.toLowerCase() : undefined
  if (lower === 'add' || lower === 'replace' || lower === 'remove') return lower
  throw refuse('invalidSyntax', `${at}: "op" must be "add", "replace" or "remove".`)
}

function membersOf(object: { [key: string]: Json }, at: string): Map<string, Json> {
  return new Map(distinctEntries(object, at).map(([key, value]) => [key.toLowerCase(), value]))
}

function isPatchOp(urn: Json): boolean {
  return typeof urn === 'string' && urn.toLowerCase() === patchOp.toLowerCase()
}
