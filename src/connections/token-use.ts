import type { Knex } from '../platform/db/open.js'
import type { Logger } from '../platform/log.js'
import { tokenStore } from './token-store.js'

/** Remembers which tokens were used and writes it once a minute, so that reading stays reading. Losing a minute of it harms nobody. */

export type TokenUse = {
  readonly note: (used: { readonly orgId: string; readonly token: { readonly id: string } }) => void
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

const everyMs = 60_000

export function trackTokenUse(deps: { db: Knex; log: Logger }): TokenUse {
  let used = new Map<string, Set<string>>()

  const flush = async (): Promise<void> => {
    const batch = used
    used = new Map()
    try {
      for (const [orgId, ids] of batch) await tokenStore(deps.db).touch(orgId, [...ids])
    } catch (error) {
      deps.log.warn({ err: error }, 'when tokens were last used could not be written')
    }
  }

  const timer = setInterval(flush, everyMs)
  timer.unref()
  return {
    note: ({ orgId, token }) => {
      const ids = used.get(orgId)
      if (ids) ids.add(token.id)
      else used.set(orgId, new Set([token.id]))
    },
    flush,
    stop: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}
