import type { ProfileName } from '../contract/connection.js'
import type { TokenScope } from '../contract/token.js'

/** The nouns of this folder as the doors see them. */

export type Connection = {
  readonly id: string
  readonly kind: 'scim'
  /** Unique in the organization. */
  readonly name: string
  readonly profile: ProfileName
  readonly status: 'active' | 'paused'
  readonly version: number
  readonly createdAt: Date
}

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
