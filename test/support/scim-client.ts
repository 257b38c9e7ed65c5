import type { JsonObject } from '../../src/platform/json.js'
import { checkReply } from './api-replies.js'

/** A SCIM client over HTTP, as plain as a provider's: sends what it is told, gives back what came, once the OpenAPI document says so too. */

export type ScimAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed body; an empty object where there was none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read replies of every shape
  readonly body: any
}

export type ScimClient = ReturnType<typeof scimClient>

export function scimClient(baseUrl: string, token: string) {
  const call = async (
    method: string,
    path: string,
    body?: JsonObject | string,
    headers: Record<string, string> = {},
  ): Promise<ScimAnswer> => {
    const answer = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const target = new URL(baseUrl).pathname + path
    checkReply({ method, target, status: answer.status, headers: answer.headers, text })
    return { status: answer.status, headers: answer.headers, text, body: text ? JSON.parse(text) : {} }
  }
  return {
    baseUrl,
    token,
    call,
    get: (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers),
    post: (path: string, body: JsonObject | string, headers?: Record<string, string>) => call('POST', path, body, headers),
    put: (path: string, body: JsonObject | string, headers?: Record<string, string>) => call('PUT', path, body, headers),
    delete: (path: string, headers?: Record<string, string>) => call('DELETE', path, undefined, headers),
    /** PATCH with these operations in their envelope. */
    patch: (path: string, operations: JsonObject[], headers?: Record<string, string>) =>
      call('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }, headers),
    /** Lists with a filter; gives the resources found. */
    filter: (path: string, filter: string) => call('GET', `${path}?filter=${encodeURIComponent(filter)}`),
  }
}

export const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
