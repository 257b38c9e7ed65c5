import type { z } from 'zod'
import type { AppError } from '../platform/errors.js'

/**
 * How an endpoint is declared. Routes are data: from one list come the served routes, the access list, OpenAPI and the list of
 * operations no test has called. Handlers get values, not Express objects, so they can be tested without HTTP.
 */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type CallRequest = {
  readonly method: string
  /** Path below the door's prefix, percent-decoded once, segment by segment; `/Users/4f…`. */
  readonly path: string
  /** Values of `:name` segments of the prefix and of the endpoint's path. */
  readonly params: Readonly<Record<string, string>>
  /** Query parameters as sent; a repeated one keeps all its values. */
  readonly query: URLSearchParams
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly requestId: string
  /** Address of the caller, behind trusted proxies only. */
  readonly ip: string
}

export type Call = CallRequest & {
  /** Parsed body; undefined where none was sent or the endpoint takes none. */
  readonly body: unknown
}

export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON in the door's content type; a string is sent as it is. */
  readonly body?: object | string
}

export type Endpoint<Caller> = {
  /** Stable operation id, e.g. `scim.users.patch`. */
  readonly id: string
  readonly method: Method
  /** `/Users/:id`; segments only, no patterns. */
  readonly path: string
  /** The action the caller must be allowed; checked before the body is read. */
  readonly access: string
  readonly summary: string
  /** Whether a body is read (`json`) or left alone (`none`). */
  readonly body: 'json' | 'none'
  /** Schema of the body, for doors whose bodies have one; parsed by the handler. */
  readonly bodySchema?: z.ZodType
  /** Schema of the query parameters, likewise. */
  readonly querySchema?: z.ZodType
  /** Replies by status, for documentation and for checking replies in tests. */
  readonly replies: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>
  readonly handle: (caller: Caller, call: Call) => Promise<Reply>
}

/** A call that was answered, as far as it got. */
export type Observation<Caller> = {
  /** With the prefix's params where the path fits, the endpoint's once it was found, and a body once it was parsed. */
  readonly call: CallRequest & { readonly body?: unknown }
  /** Undefined where nobody was known. */
  readonly caller: Caller | undefined
  /** Id of the endpoint; `none` where none was found. */
  readonly route: string
  readonly reply: Reply
  /** Why the reply is a refusal. */
  readonly refusal: AppError | undefined
  /** From the head of the request to the end of its answer. */
  readonly ms: number
}

export type Door<Caller> = {
  /** Label of logs and metrics: `scim`, `operator`. */
  readonly name: string
  /** `['/scim/v2/:org', '/scim/:org']`; the first that fits wins. */
  readonly prefixes: readonly string[]
  readonly endpoints: readonly Endpoint<Caller>[]
  /** What is served to this caller beside those, where none of them fits the path; the same list as long as it is the same. */
  readonly endpointsOf?: (caller: Caller) => readonly Endpoint<Caller>[]
  /** Content type of JSON replies, written exactly so. */
  readonly contentType: string
  /** Media types a body may have (without parameters, lower case). */
  readonly accepts: readonly string[]
  /**
   * Runs before anything else. `params` are those of the prefix, and empty where the path fits none of the prefixes exactly; nothing
   * else of the path is known yet (`path` is empty). @throws AppError unauthenticated
   */
  readonly authenticate: (request: CallRequest) => Promise<Caller>
  /** Refuses a known caller whatever is asked: from there, or so often. @throws AppError forbidden, too_many */
  readonly admit?: (caller: Caller, request: CallRequest) => Promise<void>
  /** In whose name a request waits for its turn; the caller is undefined before it is known. */
  readonly turnOf?: (request: CallRequest, caller: Caller | undefined) => string
  /** Refuses what the caller may not do. @throws AppError forbidden */
  readonly authorize: (caller: Caller, access: string, request: CallRequest) => void
  /** Names the caller in logs: organization, connection, token. Never a secret. */
  readonly describe?: (caller: Caller) => Readonly<Record<string, string>>
  /** Parses a body. @throws AppError invalid */
  readonly parse: (text: string, request: CallRequest) => unknown
  /** The door's dialect of a refusal. */
  readonly renderError: (error: AppError, request: CallRequest) => Reply
  /** Told of every call when its answer has left. What it throws is logged and harms nobody. */
  readonly observe?: (seen: Observation<Caller>) => void
}
