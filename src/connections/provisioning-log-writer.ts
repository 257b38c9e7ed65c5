import { LRUCache } from 'lru-cache'
import { findOrganization } from '../directory/index.js'
import type { Knex } from '../platform/db/open.js'
import { isTransient } from '../platform/db/pg-errors.js'
import type { Logger } from '../platform/log.js'
import type { NewCall, StrangerCall } from './provisioning-log.js'
import { callQueue, type QueueLimits } from './provisioning-log-queue.js'
import { provisioningLogStore } from './provisioning-log-store.js'
import { explainTokenRefusal } from './token-refusal.js'

/**
 * Writes the provisioning log behind the requests: calls are noted in memory and written in batches, one statement for each
 * organization, outside any change. Whatever fails here costs lines of the log, which are counted, and never a request.
 */

export type ProvisioningLog = {
  /** `bodyBytes` is about what the bodies of the call take. Takes no time and never throws. */
  readonly note: (orgId: string, call: NewCall, bodyBytes: number) => void
  /** A call by nobody known. Of one address, and of all together, only so many a minute are kept: a flood fills no log. */
  readonly noteStranger: (stranger: StrangerCall) => void
  readonly state: () => { readonly waiting: number; readonly lostCalls: number; readonly droppedBodies: number }
  /** Writes what waits; resolves when it is written or lost. */
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Entry = { readonly orgId: string; readonly call: NewCall } | StrangerCall
type Batch = Map<string, NewCall[]>

const everyMs = 500
const batchSize = 200
const limits: QueueLimits = { mostEntries: 10_000, mostBodyBytes: 32 * 1024 * 1024 }
const strangersPerMinute = { ofAddress: 60, ofAll: 600 }
const all = ''

const withoutBody = (entry: Entry): Entry => ({
  ...entry,
  call: { ...entry.call, request: entry.call.request && { dropped: true }, understood: null, response: null },
})

export function startProvisioningLog(deps: { db: Knex; log: Logger }): ProvisioningLog {
  const { db, log } = deps
  const queue = callQueue<Entry>(limits, withoutBody)
  const organizations = new LRUCache<string, { id: string | undefined }>({ max: 1000, ttl: 60_000 })
  const strangers = new LRUCache<string, { seen: number }>({ max: 1000, ttl: 60_000 })
  const countStranger = (address: string): number => {
    const count = strangers.get(address) ?? { seen: 0 }
    if (count.seen === 0) strangers.set(address, count)
    count.seen++
    return count.seen
  }
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const lose = (count: number, error: unknown): void => {
    lost += count
    log.warn({ err: error, lost: count }, 'calls could not be written to the provisioning log')
  }

  const organizationOf = async (slug: string): Promise<string | undefined> => {
    const known = organizations.get(slug) ?? { id: (await findOrganization(db, slug))?.orgId }
    organizations.set(slug, known)
    return known.id
  }

  const introduce = async ({ slug, presented, call }: StrangerCall): Promise<{ orgId: string; call: NewCall } | undefined> => {
    const orgId = await organizationOf(slug)
    if (orgId === undefined) return undefined
    // Nobody is known either where the server could not look.
    if (call.status !== 401) return { orgId, call }
    const { reason, token } = await explainTokenRefusal(db, orgId, presented)
    const ids = { tokenId: token?.id ?? null, connectionId: token?.connectionId ?? null }
    // Of another refusal, such as too many requests at once, the token is no reason.
    const line = call.status === 401 ? `refused: ${reason}` : call.line
    return { orgId, call: { ...call, ...ids, line } }
  }

  const sort = async (entries: readonly Entry[]): Promise<Batch> => {
    const batch: Batch = new Map()
    for (const entry of entries) {
      const known = 'orgId' in entry ? entry : await introduce(entry).catch((error) => lose(1, error))
      if (known) batch.set(known.orgId, [...(batch.get(known.orgId) ?? []), known.call])
    }
    return batch
  }

  const write = async (orgId: string, calls: readonly NewCall[]): Promise<void> => {
    try {
      await provisioningLogStore(db).insert(orgId, calls)
    } catch (error) {
      if (calls.length === 1 || isTransient(error)) return lose(calls.length, error)
      // One call that the database does not take must not cost the others.
      for (const call of calls) await write(orgId, [call])
    }
  }

  const drain = async (): Promise<void> => {
    for (let entries = queue.take(batchSize); entries.length > 0; entries = queue.take(batchSize)) {
      for (const [orgId, calls] of await sort(entries)) await write(orgId, calls)
    }
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(drain).catch((error: unknown) => lose(0, error))
    return writing
  }

  const add = (entry: Entry, bodyBytes: number): void => {
    queue.add(entry, bodyBytes)
    if (queue.size() === batchSize) void flush()
    else timer ??= setTimeout(flush, everyMs).unref()
  }

  return {
    note: (orgId, call, bodyBytes) => add({ orgId, call }, bodyBytes),
    noteStranger: (stranger) => {
      const isFlood = countStranger(stranger.slug) > strangersPerMinute.ofAddress || countStranger(all) > strangersPerMinute.ofAll
      if (isFlood) lost++
      else add(stranger, 0)
    },
    state: () => {
      const dropped = queue.dropped()
      return { waiting: queue.size(), lostCalls: lost + dropped.entries, droppedBodies: dropped.bodies }
    },
    flush,
    stop: flush,
  }
}
