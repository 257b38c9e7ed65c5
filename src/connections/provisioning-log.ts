import type { Json } from '../platform/json.js'
import type { PresentedToken } from '../platform/secrets.js'

/** One call of a provider as the provisioning log keeps it. Nothing in it is secret: who notes a call has redacted it. */

export type CallLine = {
  /** Made when the call ended: the order of ids is the order of time. */
  readonly id: string
  /** When the request came in. */
  readonly at: Date
  readonly requestId: string
  readonly method: string
  /** Id of the endpoint; `none` where none was found. */
  readonly route: string
  /** Below the organization's base address, without the query. */
  readonly path: string
  readonly connectionId: string | null
  readonly tokenId: string | null
  readonly target: { readonly type: string; readonly id: string | null; readonly name: string | null } | null
  readonly status: number
  readonly scimType: string | null
  readonly ms: number
  /** The dialect by which the call was read. */
  readonly profile: string | null
  readonly userAgent: string | null
  /** What happened, in words. */
  readonly line: string
}

/** What lies behind the line; each null where there is nothing to show. */
export type CallBodies = {
  readonly request: Json
  readonly understood: Json
  /** Of failures. */
  readonly response: Json
}

export type NewCall = CallLine &
  CallBodies & {
    /** Changes of the journal that the call committed, and how many audit events these have together. */
    readonly changes: readonly string[]
    readonly events: number
  }

/** A call by nobody known, on the address of an organization that may exist. Why it was refused is found out when it is written. */
export type StrangerCall = {
  readonly slug: string
  readonly presented: PresentedToken | 'none' | 'malformed'
  readonly call: NewCall
}

export type LoggedLine = CallLine & { readonly orgId: string }
export type LoggedCall = LoggedLine & CallBodies

/** An audit event of a change that a logged call made. */
export type LoggedEvent = {
  readonly id: string
  readonly event: string
  readonly target: { readonly type: string; readonly id: string; readonly name: string | null }
  /** `{ field: { before, after } }`. */
  readonly changed: Readonly<Record<string, { readonly before?: Json; readonly after?: Json }>>
  /** How many a list change (members) added and removed. */
  readonly added: number
  readonly removed: number
}
