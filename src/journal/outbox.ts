import type { Knex } from '../platform/db/open.js'
import type { Json } from '../platform/json.js'
import type { Logger } from '../platform/log.js'
import type { EventName } from './events.js'

/**
 * Acts on committed events, at least once. Work is claimed organization by organization with a lease (never by a row lock held while
 * acting), so a killed worker's rows come back, and one organization's backlog is limited per round so that it cannot starve the rest.
 */

export type Delivery = {
  readonly orgId: string
  /** The same for every attempt: handlers are idempotent by it. */
  readonly id: string
  readonly seq: number
  readonly event: EventName
  readonly payload: Json
}

export type Subscriber = {
  readonly subscriber: string
  readonly events: readonly EventName[]
  readonly handle: (delivery: Delivery) => Promise<void>
}

export type OutboxDeps = { readonly db: Knex; readonly log: Logger; readonly subscribers: readonly Subscriber[] }

type Row = { org_id: string; id: string; seq: number; subscriber: string; event: EventName; payload: Json; attempts: number }

const perRound = 50
const leaseSeconds = 60
const mostAttempts = 12

const claim = `
  update outbox set leased_until = now() + ? * interval '1 second', attempts = attempts + 1
  where org_id = ? and id in (
    select id from outbox
    where org_id = ? and parked_at is null and due_at <= now() and (leased_until is null or leased_until < now())
    order by due_at, seq limit ?
  ) and parked_at is null and (leased_until is null or leased_until < now())
  returning org_id, id, seq, subscriber, event, payload, attempts`

async function settle(deps: OutboxDeps, row: Row, failure: unknown): Promise<void> {
  const own = deps.db('outbox').where({ org_id: row.org_id, id: row.id })
  if (failure === undefined) {
    await own.delete()
    return
  }
  const message = failure instanceof Error ? failure.message : String(failure)
  const parked = row.attempts >= mostAttempts
  deps.log.warn(
    { subscriber: row.subscriber, event: row.event, delivery: row.id, attempts: row.attempts, parked, err: failure },
    'delivery failed',
  )
  const wait = Math.min(2 ** row.attempts, 3600)
  await own.update({
    leased_until: null,
    last_error: message.slice(0, 1000),
    due_at: deps.db.raw("now() + ? * interval '1 second'", [wait]),
    parked_at: parked ? deps.db.fn.now() : null,
  })
}

/** One round over every organization with due work; returns how many deliveries were tried. */
export async function deliverDue(deps: OutboxDeps): Promise<number> {
  const due = await deps.db.raw(
    'select distinct org_id from outbox where parked_at is null and due_at <= now() and (leased_until is null or leased_until < now())',
  )
  let tried = 0
  for (const { org_id } of due.rows as { org_id: string }[]) {
    const claimed = await deps.db.raw(claim, [leaseSeconds, org_id, org_id, perRound])
    for (const row of claimed.rows as Row[]) {
      const subscriber = deps.subscribers.find((candidate) => candidate.subscriber === row.subscriber)
      const delivery = { orgId: row.org_id, id: row.id, seq: row.seq, event: row.event, payload: row.payload }
      const failure = await Promise.resolve()
        .then(() => {
          if (!subscriber) throw new Error(`nobody is subscribed as ${row.subscriber}`)
          return subscriber.handle(delivery)
        })
        .then(
          () => undefined,
          (error: unknown) => error ?? new Error('failed without a reason'),
        )
      await settle(deps, row, failure)
      tried++
    }
  }
  return tried
}

/** Age of the oldest delivery that is due, in seconds; 0 where none waits. */
export async function outboxLag(db: Knex): Promise<number> {
  const result = await db.raw(
    'select coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as lag from outbox where parked_at is null and due_at <= now()',
  )
  return Math.max(0, result.rows[0]?.lag ?? 0)
}

/** Delivers every `intervalMs` until stopped; `stop` waits for the round in flight. */
export function startOutbox(deps: OutboxDeps, intervalMs: number): { stop: () => Promise<void> } {
  let stopped = false
  let wake = () => {}
  const rounds = (async () => {
    while (!stopped) {
      const tried = await deliverDue(deps).catch((error: unknown) => {
        deps.log.error({ err: error }, 'the outbox could not be read')
        return 0
      })
      if (tried === 0 && !stopped) {
        await new Promise<void>((next) => {
          const timer = setTimeout(next, intervalMs)
          wake = () => {
            clearTimeout(timer)
            next()
          }
        })
      }
    }
  })()
  return {
    stop: async () => {
      stopped = true
      wake()
      await rounds
    },
  }
}
