import { authorizeOperator } from '../access/index.js'
import type { Journal } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { tokenStore } from './token-store.js'

/**
 * Warns of bearer tokens that end in 30, 14 and 3 days, by events, once each: a token that ends unnoticed stops a provider's job. Every
 * process may do it at any time; marking a token and recording its event are one change, so of two at once one does it.
 */

const operator = { actor: { type: 'system', id: 'token-expiry' }, door: 'system' } as const

/** Returns how many warnings were recorded. */
export async function warnOfExpiry(deps: { db: Knex; journal: Journal }): Promise<number> {
  let recorded = 0
  for (const orgId of await tokenStore(deps.db).organizationsToWarn()) {
    recorded += await deps.journal.change(authorizeOperator(operator, orgId), async (c) => {
      const warned = await tokenStore(c.trx).takeWarnings(c.orgId)
      for (const { id, name, connectionId, expiresAt, days } of warned) {
        c.record({
          event: 'connection_token.expiry_announced',
          target: { type: 'connection_token', id, name },
          changed: { connection: { after: connectionId }, expiresAt: { after: expiresAt.toISOString() }, days: { after: days } },
        })
      }
      return warned.length
    })
  }
  return recorded
}
