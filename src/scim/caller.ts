import type { Limited } from '../connections/index.js'
import type { Scope } from '../directory/index.js'
import type { Authority } from '../journal/index.js'
import type { Switches } from './dialects/switches.js'
import type { OrganizationTypes } from './extensions.js'
import type { CallNotes } from './provision-log-notes.js'

/** Who calls the SCIM door, with everything about them that a handler needs. */
export type ScimCaller = {
  readonly scope: Scope
  /** Its share of the server, and from where it calls. */
  readonly connection: Limited & { readonly name: string; readonly allowedFrom: readonly string[] }
  /** The token presented, or the client that drew it: what is handed out to be shown again, such as a cursor, is good for it alone. */
  readonly tokenId: string
  /** The user the token stands for, if for one: `/Me`. */
  readonly userId: string | undefined
  readonly switches: Switches
  /** Absolute SCIM base of the organization, without a slash at its end. */
  readonly baseUrl: string
  /** The organization's resource types, its own extensions and the types it declares included. */
  readonly types: OrganizationTypes
  /** Whether the token may do an action. */
  readonly allows: (action: string) => boolean
  /** The proof a change demands, for one action and request. @throws AppError where the token may not do it */
  readonly authority: (action: string, requestId: string) => Authority
  /** What the provisioning log is to know about the call. */
  readonly notes: CallNotes
}
