import { LRUCache } from 'lru-cache'
import type { Clock } from '../platform/clock.js'
import type { Knex } from '../platform/db/open.js'
import { type AppError, tooMany } from '../platform/errors.js'
import { budgetStore } from './budget-store.js'

/**
 * How many requests a connection may make: a budget that all processes share and none asks for at every request. A process draws some
 * in advance and spends them by itself; what it drew is gone from the budget, so together they never spend more than there is.
 */

export type Limited = {
  readonly orgId: string
  readonly id: string
  /** Undefined where the installation's own figure holds. */
  readonly requestsPerSecond: number | undefined
}

export type Limits = {
  /** Counts one request. @throws AppError too_many with Retry-After */
  readonly admit: (connection: Limited) => Promise<void>
  /** Counts `requests` more that are made in any case; what comes after waits for them. */
  readonly charge: (connection: Limited, requests: number) => Promise<void>
}

type Turn = { readonly admitted: () => void; readonly refused: (error: unknown) => void }

type Purse = {
  /** Requests drawn and not made yet. */
  credit: number
  /** Since when (milliseconds), and for how many seconds, the budget is known to be empty. */
  emptySince: number
  emptyFor: number
  waiting: Turn[]
  drawing: boolean
}

/** Seconds of the sustained rate that may come at once: at 50 a second, a bulk request of 1,000 operations. */
const burstSeconds = 20

const mostPurses = 10_000

const refusal = (perSecond: number, wait: number): AppError =>
  tooMany(
    'too_many_requests',
    `This connection may make ${perSecond} requests a second, bulk operations counted each, and has made more. Send this one again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`,
    wait,
  )

/** @param deps.perSecond what a connection may ask for where it has no figure of its own */
export function createLimits(deps: { db: Knex; clock: Clock; perSecond: number }): Limits {
  const store = budgetStore(deps.db)
  const purses = new LRUCache<string, Purse>({ max: mostPurses })
  const nowMs = () => deps.clock().getTime()

  const purseOf = ({ orgId, id }: Limited): Purse => {
    const key = `${orgId} ${id}`
    const known = purses.get(key)
    if (known) return known
    const purse: Purse = { credit: 0, emptySince: 0, emptyFor: 0, waiting: [], drawing: false }
    purses.set(key, purse)
    return purse
  }

  const bucketOf = ({ orgId, id, requestsPerSecond = deps.perSecond }: Limited) => ({
    orgId,
    connectionId: id,
    perSecond: requestsPerSecond,
    burst: requestsPerSecond * burstSeconds,
  })

  /** Draws for all who wait, in one statement, as long as somebody does. */
  const draw = async (connection: Limited, purse: Purse): Promise<void> => {
    const bucket = bucketOf(connection)
    purse.drawing = true
    while (purse.waiting.length > 0) {
      const turns = purse.waiting.splice(0)
      try {
        const { granted, wait } = await store.draw(bucket, turns.length)
        purse.credit += granted
        const served = turns.splice(0, purse.credit)
        purse.credit -= served.length
        for (const turn of served) turn.admitted()
        if (turns.length > 0) {
          purse.emptySince = nowMs()
          purse.emptyFor = Math.max(1, wait)
        }
        for (const turn of turns) turn.refused(refusal(bucket.perSecond, purse.emptyFor))
      } catch (error) {
        for (const turn of turns) turn.refused(error)
      }
    }
    purse.drawing = false
  }

  return {
    admit: (connection) => {
      const purse = purseOf(connection)
      if (purse.credit >= 1) {
        purse.credit--
        return Promise.resolve()
      }
      // A clock that was set back says nothing about how long ago it was.
      const past = (nowMs() - purse.emptySince) / 1000
      if (past >= 0 && past < purse.emptyFor) {
        return Promise.reject(refusal(bucketOf(connection).perSecond, Math.ceil(purse.emptyFor - past)))
      }
      return new Promise((admitted, refused) => {
        purse.waiting.push({ admitted, refused })
        if (!purse.drawing) void draw(connection, purse)
      })
    },

    charge: async (connection, requests) => {
      const purse = purseOf(connection)
      const own = Math.min(purse.credit, requests)
      purse.credit -= own
      if (requests > own) await store.charge(bucketOf(connection), requests - own)
    },
  }
}
