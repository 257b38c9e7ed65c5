import type { Knex } from '../platform/db/open.js'
import { accessTokenPrefix } from './clients.js'
import type { ConnectionToken } from './model.js'
import type { StrangerCall } from './provisioning-log.js'
import { tokenStore } from './token-store.js'
import { tokenPrefix } from './tokens.js'

/** Why a token was not accepted: for the log of the organization whose address was called, never for whoever sent it. */

export type TokenRefusal = {
  /** Goes on after "refused: ". */
  readonly reason: string
  /** The organization's own token, where it was one. */
  readonly token: Pick<ConnectionToken, 'id' | 'connectionId'> | undefined
}

const unknown = (reason: string): TokenRefusal => ({ reason, token: undefined })

/** `orgId` is the organization in the address. Nothing is told of the one a foreign token belongs to. */
export async function explainTokenRefusal(db: Knex, orgId: string, presented: StrangerCall['presented']): Promise<TokenRefusal> {
  if (presented === 'none') return unknown('no bearer token was sent')
  if (presented === 'malformed') return unknown('what was sent as bearer token is none of this server, or mistyped')
  const { prefix, hash } = presented
  if (prefix !== tokenPrefix && prefix !== accessTokenPrefix)
    return unknown('the token is of another kind and opens nothing here')
  if (presented.orgId !== orgId) return unknown('the token belongs to another organization than the address')
  if (prefix === accessTokenPrefix) return unknown('the access token is expired, or its client is revoked')
  const token = await tokenStore(db).findByHash(orgId, hash)
  return token ? { reason: reasonOf(token), token } : unknown('the token is unknown')
}

function reasonOf(token: ConnectionToken): string {
  if (token.state === 'expired') return 'the token is expired'
  if (token.revokedAt) return 'the token is revoked'
  // Of a user: it ends with the user. Else it lives, and was refused before something changed.
  return token.state === 'revoked' ? 'the user of the token is switched off or gone' : 'the token was not accepted'
}
