import type { OperatorTokenView } from '../contract/operator-token.js'
import type { OperatorToken } from '../credentials/index.js'

export function presentOperatorToken(token: OperatorToken): OperatorTokenView {
  const { id, name, hint, state } = token
  return {
    id,
    name,
    hint,
    state,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt?.toISOString() ?? null,
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  }
}
