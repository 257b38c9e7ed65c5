import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { notFound } from '../platform/errors.js'
import { isId } from '../platform/ids.js'
import { mintToken, type PresentedToken } from '../platform/secrets.js'
import type { OperatorToken } from './model.js'
import { operatorTokenStore } from './operator-token-store.js'

/**
 * Tokens of whoever runs the installation. They belong to no organization: their table is global, and their audit goes to a journal of
 * the installation's own, which is begun when the first token is made.
 */

/** Stands where an organization's id stands elsewhere. No organization ever has it. */
export const installationId = '00000000-0000-0000-0000-000000000000'

const prefix = 'gho'

const targetOf = (token: OperatorToken) => ({ type: 'operator_token', id: token.id, name: token.name })

/** Mints a token, in a change of the installation. The secret is in the result and nowhere else. */
export async function createOperatorToken(
  c: Change,
  input: { name: string; expiresAt: Date | null },
): Promise<{ secret: string; token: OperatorToken }> {
  const { token: secret, hash, hint } = mintToken(prefix, installationId)
  const { name, expiresAt } = input
  const token: OperatorToken = {
    id: c.newId(),
    name,
    hint,
    state: 'live',
    createdAt: c.now,
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  }
  await c.startJournal()
  await operatorTokenStore(c.trx).insert(token, hash)
  const changed = { hint: { after: hint }, expiresAt: { after: expiresAt?.toISOString() ?? null } }
  c.record({ event: 'operator_token.created', target: targetOf(token), changed })
  return { secret, token }
}

/** Ends a token at once, everywhere; a revoked one stays as it is. @throws AppError not_found */
export async function revokeOperatorToken(c: Change, id: string): Promise<OperatorToken> {
  const store = operatorTokenStore(c.trx)
  const token = isId(id) ? await store.lock(id) : undefined
  if (!token) throw notFound('operator_token_not_found', 'There is no such operator token.')
  if (token.state === 'revoked') return token
  await store.revoke(id, c.now)
  const changed = { state: { before: token.state, after: 'revoked' } }
  c.record({ event: 'operator_token.revoked', target: targetOf(token), changed })
  return { ...token, state: 'revoked', revokedAt: c.now }
}

/** In order of creation, dead ones included. */
export function listOperatorTokens(db: Knex): Promise<OperatorToken[]> {
  return operatorTokenStore(db).list()
}

/** The live operator token presented, if it is one. */
export async function authenticateOperator(db: Knex, presented: PresentedToken): Promise<OperatorToken | undefined> {
  if (presented.prefix !== prefix) return undefined
  const store = operatorTokenStore(db)
  const token = await store.findLive(presented.hash)
  if (token) await store.touch(token.id)
  return token
}
