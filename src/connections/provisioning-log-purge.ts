import { listOrganizations } from '../directory/index.js'
import type { Clock } from '../platform/clock.js'
import type { Knex } from '../platform/db/open.js'
import { firstIdAt } from '../platform/ids.js'
import type { Logger } from '../platform/log.js'
import { provisioningLogStore } from './provisioning-log-store.js'

/**
 * Forgets old lines of the provisioning log, organization by organization and in chunks. Every process does it: two at once find
 * nothing twice, so no lease is needed.
 */

export type PurgeDeps = { readonly db: Knex; readonly clock: Clock; readonly log: Logger; readonly days: number }

const dayMs = 24 * 60 * 60 * 1000
const everyMs = 60 * 60 * 1000
const firstAfterMs = 60 * 1000
const chunk = 1000
const organizationsAtOnce = 100

/** Forgets what is older than `days`, or as much as it can before `until` is aborted; returns how many lines. */
export async function purgeProvisioningLog(deps: Omit<PurgeDeps, 'log'>, until?: AbortSignal): Promise<number> {
  const { db, clock, days } = deps
  const before = firstIdAt(new Date(clock().getTime() - days * dayMs))
  const store = provisioningLogStore(db)
  let forgotten = 0
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await listOrganizations(db, { after, limit: organizationsAtOnce })
    for (const { orgId } of page) {
      for (let gone = chunk; gone === chunk && !until?.aborted; forgotten += gone) {
        gone = await store.purge(orgId, before, chunk)
      }
    }
    after = page.length === organizationsAtOnce && !until?.aborted ? page.at(-1)?.slug : undefined
  }
  return forgotten
}

/** Purges every hour until stopped; `stop` waits for the statement in flight. */
export function startProvisioningLogPurge(deps: PurgeDeps): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  let round: Promise<unknown> = Promise.resolve()
  const run = () => {
    round = purgeProvisioningLog(deps, stopping.signal).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'the provisioning log could not be purged'),
    )
  }
  const first = setTimeout(run, firstAfterMs).unref()
  const hourly = setInterval(run, everyMs).unref()
  return {
    stop: async () => {
      clearTimeout(first)
      clearInterval(hourly)
      stopping.abort()
      await round
    },
  }
}
