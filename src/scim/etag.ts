import { createHash } from 'node:crypto'
import type { GroupOfUser } from '../directory/index.js'
import { AppError } from '../platform/errors.js'

/**
 * Weak entity tags: RFC 7644 §3.14. A user's tag also covers the groups it shows, since these move without the user's row; a
 * precondition compares the part that a write moves.
 */

/** `W/"7"`, or `W/"7.k3…"` for a user in groups. */
export function etagOf(version: number, groups: readonly GroupOfUser[] = []): string {
  if (groups.length === 0) return `W/"${version}"`
  const rendered = JSON.stringify(groups.map((group) => [group.id, group.displayName, group.type]))
  return `W/"${version}.${createHash('sha256').update(rendered).digest('base64url').slice(0, 12)}"`
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//i, '').replaceAll('"', '')

const tagsOf = (header: string): string[] => header.split(',').map(opaque)

/** Whether If-None-Match says that the client has this very representation. */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || tagsOf(header).includes(opaque(etag))
}

/** Refuses a write whose If-Match names another version: 412. */
export function checkPrecondition(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '*') return
  if (tagsOf(header).some((tag) => tag.split('.')[0] === String(version))) return
  throw new AppError(
    'stale',
    'version_moved',
    'The resource changed since you read it (If-Match names another version). Read it again, apply your change to what you get, and send that.',
  )
}
