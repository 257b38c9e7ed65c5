import { AppError } from '../platform/errors.js'
import type { Json, JsonObject } from '../platform/json.js'
import { refuse } from './errors.js'
import { distinctEntries, isObject } from './keys.js'

/**
 * The envelope of a bulk request: RFC 7644 §3.7. What is wrong with the request as a whole is refused here; what is wrong with one
 * operation is noted with it, since the others are to be carried out all the same.
 */

/** Most operations of one request. */
export const mostOperations = 1_000

export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type BulkOperation = {
  /** Its place in the request, from 0. */
  readonly index: number
  /** Upper case; where it is none that Bulk knows, `fault` says so. */
  readonly method: string
  readonly bulkId: string | undefined
  readonly path: string
  /** Compared as If-Match is. */
  readonly version: string | undefined
  readonly data: Json
  /** Why it cannot be carried out, whatever the directory holds. */
  readonly fault: AppError | undefined
}

export type BulkRequest = {
  /** How many failed operations end the processing; infinite where the client does not say. */
  readonly failOnErrors: number
  readonly operations: readonly BulkOperation[]
}

const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const methods: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'] satisfies BulkMethod[]

/** What a call of `/Bulk` counts for where calls are counted: its operations, and one at least. Never throws. */
export function bulkCost(body: unknown): number {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Math.max(1, ...entries.map(([key, value]) => (/^operations$/i.test(key) && Array.isArray(value) ? value.length : 0)))
}

/** Throws 400 invalidSyntax (shape) or invalidValue (failOnErrors, a bulkId twice), and 413 past 1,000 operations. */
export function readBulk(body: Json): BulkRequest {
  if (!isObject(body)) throw refuse('invalidSyntax', 'The body must be a JSON object: a BulkRequest (RFC 7644 §3.7).')
  const members = membersOf(body, '')
  const schemas = members.get('schemas')
  if (!Array.isArray(schemas) || !schemas.some((urn) => textOf(urn)?.toLowerCase() === bulkRequest.toLowerCase())) {
    throw refuse('invalidSyntax', `The body of a bulk request must have "schemas": ["${bulkRequest}"].`)
  }
  const operations = members.get('operations')
  if (!Array.isArray(operations) || operations.length === 0) {
    throw refuse('invalidSyntax', '"Operations" must be a list of at least one operation.')
  }
  if (operations.length > mostOperations) {
    const detail = `A bulk request may have at most ${mostOperations} operations (maxOperations); ${operations.length} were sent.`
    throw new AppError('too_large', 'scim_too_many_operations', detail)
  }
  const read = operations.map(readOperation)
  refuseTwins(read)
  return { failOnErrors: readLimit(members.get('failonerrors')), operations: read }
}

// No error accepted and one error accepted come to the same: nothing follows the first.
function readLimit(value: Json | undefined): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return Math.max(1, value)
  throw refuse(
    'invalidValue',
    '"failOnErrors" must be a whole number: how many operations may fail before the rest is left alone.',
  )
}

// "unique within a bulk request" (RFC 7644 §3.7): with two of a name, every reference to it would be a guess.
function refuseTwins(operations: readonly BulkOperation[]): void {
  const seen = new Set<string>()
  for (const { method, bulkId, index } of operations) {
    if (method !== 'POST' || bulkId === undefined) continue
    if (seen.has(bulkId)) {
      throw refuse(
        'invalidValue',
        `Operations[${index}]: the bulkId "${bulkId.slice(0, 100)}" is there twice; each POST needs its own.`,
      )
    }
    seen.add(bulkId)
  }
}

function readOperation(operation: Json, index: number): BulkOperation {
  const at = `Operations[${index}]`
  if (!isObject(operation)) throw refuse('invalidSyntax', `${at} must be an object with "method" and "path".`)
  const members = membersOf(operation, at)
  const method = textOf(members.get('method'))?.toUpperCase() ?? ''
  const bulkId = textOf(members.get('bulkid'))
  const path = textOf(members.get('path'))?.trim() ?? ''
  const version = members.get('version') ?? undefined
  const data = members.get('data') ?? null

  const faults: readonly (readonly [found: boolean, scimType: 'invalidSyntax' | 'invalidValue', detail: string])[] = [
    [!methods.includes(method), 'invalidSyntax', '"method" must be POST, PUT, PATCH or DELETE.'],
    [path === '', 'invalidSyntax', '"path" must say what is meant, such as /Users or /Users/<id>.'],
    [method === 'POST' && !bulkId, 'invalidValue', 'a POST needs a "bulkId", a name of your own for what it creates.'],
    [method !== 'DELETE' && data === null, 'invalidValue', `${method} needs "data".`],
    [version !== undefined && typeof version !== 'string', 'invalidValue', '"version" must be a string.'],
  ]
  const [, scimType, detail] = faults.find(([found]) => found) ?? []
  const fault = scimType && refuse(scimType, `${at}: ${detail}`)
  return { index, method, bulkId, path, version: textOf(version), data, fault }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function membersOf(object: JsonObject, at: string): Map<string, Json> {
  return new Map(distinctEntries(object, at).map(([key, value]) => [key.toLowerCase(), value]))
}
