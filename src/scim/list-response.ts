import type { JsonObject } from '../platform/json.js'

/** The envelope of every list: RFC 7644 §3.4.2, and RFC 9865 §2 for lists by cursor. */

/** Page sizes: what a client gets without `count`, and the most it can ask for. */
export const pageSize = { default: 100, max: 200 }

const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse']

/** A list by index. `itemsPerPage` counts what this page holds. */
export function listResponse(total: number, startIndex: number, resources: readonly JsonObject[]): object {
  return { schemas, totalResults: total, startIndex, itemsPerPage: resources.length, Resources: resources }
}

/** A page by cursor; without `nextCursor` it is the last one. It has no place among all, hence no startIndex. */
export function cursorResponse(page: {
  readonly totalResults?: number
  readonly nextCursor?: string
  readonly resources: readonly JsonObject[]
}): object {
  const { resources, ...rest } = page
  return { schemas, ...rest, itemsPerPage: resources.length, Resources: resources }
}
