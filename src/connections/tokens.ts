import { lockUser, lockUserNamed, type User } from '../directory/index.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { conflict, invalid, notFound } from '../platform/errors.js'
import { isId } from '../platform/ids.js'
import { mintToken } from '../platform/secrets.js'
import { lockConnection } from './connections.js'
import type { ConnectionToken, IssuedToken, NewToken } from './model.js'
import { tokenStore } from './token-store.js'

/**
 * Bearer tokens of SCIM connections. The secret leaves once, at birth; only its hash stays. Two may live at a time, so that a
 * provider can be moved from one to the next without a gap.
 */

export const tokenPrefix = 'ghs'

const mostLive = 2

const targetOf = (token: ConnectionToken) => ({ type: 'connection_token', id: token.id, name: token.name })

const lastUse = (token: ConnectionToken) =>
  token.lastUsedAt ? `last used ${token.lastUsedAt.toISOString()}` : 'never used so far'

async function refuseThird(c: Change, connectionId: string, userId: string | null): Promise<void> {
  const all = await tokenStore(c.trx).list(c.orgId, connectionId)
  const live = all.filter((token) => token.state === 'live' && token.userId === userId)
  if (live.length < mostLive) return
  const named = live.map((token) => `"${token.name}" (${token.hint}, ${lastUse(token)}, id ${token.id})`)
  throw conflict(
    'too_many_tokens',
    `The ${userId === null ? 'connection' : 'user'} already has ${mostLive} live tokens: ${named.join(' and ')}. Revoke one of them first.`,
  )
}

/** The user a token shall stand for, kept as it is until the change ends. */
async function bearerOf(c: Change, connectionId: string, idOrName: string): Promise<User> {
  const scope = { orgId: c.orgId, connectionId }
  const user = (await lockUser(c, scope, idOrName)) ?? (await lockUserNamed(c, scope, idOrName))
  if (!user) throw notFound('user_not_found', `The connection manages no user "${idOrName.slice(0, 100)}".`)
  if (!user.active) throw conflict('user_inactive', `The user "${user.userName}" is switched off; no token can stand for it.`)
  return user
}

/** Mints a token. @throws AppError invalid `expiry_past`; not_found; conflict `too_many_tokens`, `user_inactive` */
export async function createToken(c: Change, connectionId: string, input: NewToken): Promise<IssuedToken> {
  if (input.expiresAt && input.expiresAt <= c.now) throw invalid('expiry_past', 'The token would expire before it can be used.')
  await lockConnection(c, connectionId)
  const user = input.user === undefined ? undefined : await bearerOf(c, connectionId, input.user)
  await refuseThird(c, connectionId, user?.id ?? null)
  const { token: secret, hash, hint } = mintToken(tokenPrefix, c.orgId)
  const token: ConnectionToken = {
    id: c.newId(),
    connectionId,
    name: input.name,
    hint,
    scopes: input.scopes,
    userId: user?.id ?? null,
    state: 'live',
    createdAt: c.now,
    expiresAt: input.expiresAt,
    daysLeft: null,
    lastUsedAt: null,
    revokedAt: null,
  }
  await tokenStore(c.trx).insert(c.orgId, token, { hash, userEpoch: user?.epoch ?? null })
  c.record({
    event: 'connection_token.created',
    target: targetOf(token),
    changed: {
      connection: { after: connectionId },
      hint: { after: hint },
      scopes: { after: [...input.scopes] },
      ...(user && { user: { after: user.id } }),
      expiresAt: { after: input.expiresAt?.toISOString() ?? null },
    },
  })
  return { secret, token }
}

async function findOwn(c: Change, connectionId: string, tokenId: string): Promise<ConnectionToken> {
  await lockConnection(c, connectionId)
  const token = isId(tokenId) ? await tokenStore(c.trx).find(c.orgId, connectionId, tokenId) : undefined
  if (!token) throw notFound('token_not_found', 'The connection has no such token.')
  return token
}

/**
 * Mints a successor with the same name, scopes and user; the old token lives on for `overlapSeconds`, or until its own expiry if that is
 * sooner. The successor expires at `expiresAt`, if ever.
 * @throws AppError not_found; conflict `token_not_live`, `too_many_tokens`
 */
export async function rotateToken(
  c: Change,
  connectionId: string,
  tokenId: string,
  input: { overlapSeconds: number; expiresAt: Date | null },
): Promise<IssuedToken> {
  const old = await findOwn(c, connectionId, tokenId)
  if (old.state !== 'live') throw conflict('token_not_live', `The token is ${old.state}; create a new one instead.`)
  const { name, scopes, userId } = old
  const issued = await createToken(c, connectionId, { name, scopes, expiresAt: input.expiresAt, user: userId ?? undefined })
  const ends = await tokenStore(c.trx).endWithin(c.orgId, old.id, input.overlapSeconds)
  c.record({
    event: 'connection_token.rotated',
    target: targetOf(old),
    changed: {
      expiresAt: { before: old.expiresAt?.toISOString() ?? null, after: ends.toISOString() },
      successor: { after: issued.token.id },
    },
  })
  return issued
}

/** Ends a token: the next request with it is refused by every process. A dead one stays as it is. @throws AppError not_found */
export async function revokeToken(c: Change, connectionId: string, tokenId: string): Promise<ConnectionToken> {
  const token = await findOwn(c, connectionId, tokenId)
  if (token.state === 'revoked') return token
  await tokenStore(c.trx).revoke(c.orgId, token.id, c.now)
  c.record({
    event: 'connection_token.revoked',
    target: targetOf(token),
    changed: { state: { before: token.state, after: 'revoked' } },
  })
  return { ...token, state: 'revoked', revokedAt: c.now }
}

/** In order of creation, dead ones included. */
export function listTokens(db: Knex, orgId: string, connectionId: string): Promise<ConnectionToken[]> {
  return tokenStore(db).list(orgId, connectionId)
}
