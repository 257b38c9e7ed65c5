import { decodePath } from '../http/match.js'
import { AppError, notFound } from '../platform/errors.js'
import type { BulkOperation } from './bulk-request.js'
import { refuse } from './errors.js'
import type { ResourceOperations } from './resource-operations.js'

/** What the `path` of a bulk operation names: RFC 7644 §3.7. Paths are read as those of single requests are, and refused likewise. */

export type BulkTarget = {
  readonly kind: ResourceOperations
  /** The last segment, still with its reference where it is one; undefined for a POST. */
  readonly id: string | undefined
}

/** The target of an operation, or why it has none. `baseUrl` has no slash at its end. */
export function bulkTarget(
  { method, path }: BulkOperation,
  kinds: readonly ResourceOperations[],
  baseUrl: string,
): BulkTarget | AppError {
  const relative = belowBase(path, baseUrl)
  if (relative === undefined) {
    return refuse('invalidValue', `"path" must be relative, or lie below ${baseUrl}; "${path.slice(0, 200)}" does not.`)
  }
  const segments = decodePath(`/${relative.split(/[?#]/)[0]?.replace(/^\/+/, '')}`)
  if (segments[0]?.toLowerCase() === 'bulk') {
    return refuse('invalidValue', 'A bulk request cannot be an operation of a bulk request; send its operations here.')
  }
  const kind = kinds.find(({ endpoint }) => endpoint === `/${segments[0]}`)
  const [, id, ...more] = segments
  if (!kind || more.length > 0 || (segments.length === 2 && !id)) {
    const served = kinds.map(({ endpoint }) => endpoint).join(' and ')
    return notFound('no_such_endpoint', `"${path.slice(0, 200)}" names nothing that Bulk can change; it changes ${served}.`)
  }
  if ((method === 'POST') === (id === undefined)) return { kind, id }
  const wanted = method === 'POST' ? kind.endpoint : `${kind.endpoint}/<id>`
  return new AppError('method_not_allowed', 'method_not_allowed', `The "path" of a ${method} must be ${wanted}.`)
}

/** The path below the base URL, under either of its spellings; undefined for an address elsewhere. */
function belowBase(path: string, baseUrl: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path
  const base = [baseUrl, baseUrl.replace('/scim/v2/', '/scim/')].find((candidate) => path.startsWith(`${candidate}/`))
  return base && path.slice(base.length)
}
