import type { Json } from '../platform/json.js'
import { refuse } from './errors.js'

/**
 * References to what a bulk request itself creates: `bulkId:name` in the place of an id (RFC 7644 §3.7.2). They are replaced before
 * anything is read, so that what follows knows ids only.
 */

const prefix = 'bulkId:'
const inUri = /\/bulkId:([^/?#]+)$/
const inFilter = /"bulkId:([^"\\]+)"/g
const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** The id that stands behind a bulkId; throws where none does. */
export type Resolve = (bulkId: string) => string

/** A text without references: as a whole (`bulkId:x`), at the end of a URI (`…/Users/bulkId:x`), as a literal (`value eq "bulkId:x"`). */
export function resolveText(text: string, resolve: Resolve): string {
  if (text.startsWith(prefix)) return resolve(text.slice(prefix.length))
  return text
    .replace(inUri, (_, bulkId: string) => `/${resolve(bulkId)}`)
    .replace(inFilter, (_, bulkId: string) => `"${resolve(bulkId)}"`)
}

/** The same data with every reference in it, however deep, replaced. */
export function resolveData(data: Json, resolve: Resolve): Json {
  if (typeof data === 'string') return resolveText(data, resolve)
  if (Array.isArray(data)) return data.map((item) => resolveData(item, resolve))
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, resolveData(value, resolve)]))
}

/** Every id of ours that data mentions, in values, URIs and filters. */
export function idsIn(data: Json): string[] {
  if (typeof data === 'string') return data.match(ids) ?? []
  if (data === null || typeof data !== 'object') return []
  return Object.values(data).flatMap(idsIn)
}

export function unknownReference(bulkId: string) {
  return refuse('invalidValue', `"bulkId:${bulkId.slice(0, 100)}" refers to nothing: no POST of this request has that bulkId.`)
}
