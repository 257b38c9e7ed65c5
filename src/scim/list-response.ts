import type { JsonObject } from '../platform/json.js'

/** The envelope of every list: RFC 7644 §3.4.2. `itemsPerPage` counts what this page holds. */
export function listResponse(total: number, startIndex: number, resources: readonly JsonObject[]): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}
