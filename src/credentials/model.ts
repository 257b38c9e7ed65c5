/** A token of whoever runs the installation, without its secret. */
export type OperatorToken = {
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly state: 'live' | 'expired' | 'revoked'
  readonly createdAt: Date
  readonly expiresAt: Date | null
  /** True to a minute. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}
