import type { ResourceType } from '../contract/attribute-definition.js'
import type { Scope } from '../directory/index.js'
import type { Authority } from '../journal/index.js'
import type { Switches } from './dialects/switches.js'

/** Who calls the SCIM door, with everything about them that a handler needs. */
export type ScimCaller = {
  readonly scope: Scope
  /** The token presented: what is handed out to be shown again, such as a cursor, is good for it alone. */
  readonly tokenId: string
  /** The user the token stands for, if for one: `/Me`. */
  readonly userId: string | undefined
  readonly switches: Switches
  /** Absolute SCIM base of the organization, without a slash at its end. */
  readonly baseUrl: string
  /** The organization's resource types, its own extensions included. */
  readonly types: { readonly user: ResourceType; readonly group: ResourceType }
  /** The proof a change demands, for one action and request. @throws AppError where the token may not do it */
  readonly authority: (action: string, requestId: string) => Authority
}
