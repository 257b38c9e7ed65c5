import type { ProfileName } from '../contract/connection.js'
import type { BrakeView } from '../contract/connection-settings.js'
import type { TokenScope } from '../contract/token.js'

/** The nouns of this folder as the doors see them. */

export type Connection = {
  readonly id: string
  readonly kind: 'scim'
  /** Unique in the organization. */
  readonly name: string
  readonly profile: ProfileName
  readonly status: 'active' | 'paused'
  /** Who paused it and why, where it is paused. */
  readonly pause: Pause | null
  /** Null where the installation's own figure holds. */
  readonly requestsPerSecond: number | null
  /** Ranges of addresses; empty says anywhere. */
  readonly allowedFrom: readonly string[]
  readonly brake: BrakeSettings
  /** What was last decided about changes that the brake holds, as long as it holds. */
  readonly verdict: Verdict | null
  readonly version: number
  readonly createdAt: Date
}

export type Pause = { readonly by: 'administrator' | 'brake'; readonly reason: string | null }

/** When the brake holds; shares in percent. */
export type BrakeSettings = Readonly<BrakeView>

export type Verdict = { readonly kind: 'released' | 'rejected'; readonly until: Date }

export type ConnectionToken = {
  readonly id: string
  readonly connectionId: string
  readonly name: string
  /** Enough of the secret to tell tokens apart. */
  readonly hint: string
  readonly scopes: readonly TokenScope[]
  /** The user it stands for, if for one: what `/Me` means. */
  readonly userId: string | null
  /** `revoked` also where the user it stands for was switched off or left. */
  readonly state: 'live' | 'expired' | 'revoked'
  readonly createdAt: Date
  readonly expiresAt: Date | null
  /** Whole days until then, where it lives and they are as few as are warned of. */
  readonly daysLeft: number | null
  /** True to a minute. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

export type NewToken = {
  readonly name: string
  readonly scopes: readonly TokenScope[]
  readonly expiresAt: Date | null
  /** Id or userName of the user it shall stand for; one that the connection manages. */
  readonly user?: string | undefined
}

/** A token with its secret, to be shown once. */
export type IssuedToken = { readonly secret: string; readonly token: ConnectionToken }

/** An OAuth 2.0 client (RFC 6749 §2.3.1); its id is the client_id. */
export type ConnectionClient = {
  readonly id: string
  readonly connectionId: string
  readonly name: string
  readonly hint: string
  readonly scopes: readonly TokenScope[]
  readonly state: 'live' | 'revoked'
  readonly createdAt: Date
  /** When it last drew an access token. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}
