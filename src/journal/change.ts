import { backOff, type Clock } from '../platform/clock.js'
import { type Knex, withoutPool } from '../platform/db/open.js'
import { isRetryable } from '../platform/db/pg-errors.js'
import { prepared } from '../platform/db/query.js'
import type { NewId } from '../platform/ids.js'
import type { Json } from '../platform/json.js'
import type { Authority } from './authority.js'
import type { EventName } from './events.js'

/**
 * The one write path (design law 2): rows, one audit row per event and the outbox rows commit together or not at all. The last round
 * trip before COMMIT is one statement that advances the organization's counter and writes them, so the order of events is the
 * order of commits, without gaps.
 */

export type RecordedEvent = {
  readonly event: EventName
  readonly target: { readonly type: string; readonly id: string; readonly name?: string | undefined }
  /** Changed fields, `{ field: { before, after } }`. Never a secret: the caller passes only what may be read later. */
  readonly changed?: Record<string, { before?: Json | undefined; after?: Json | undefined }>
  /** A list change (members): stored in chunks beside the one event. */
  readonly list?: { readonly added: readonly Json[]; readonly removed: readonly Json[] }
}

export type Change = {
  readonly trx: Knex
  readonly orgId: string
  /** Id of this change: what facts name in opened_by and closed_by. */
  readonly id: string
  /** One time stamp for all rows of the change. */
  readonly now: Date
  readonly newId: NewId
  readonly by: Authority
  readonly record: (event: RecordedEvent) => void
  /** Gives the organization its journal, where it has none yet: part of the change that creates it. */
  readonly startJournal: () => Promise<void>
}

export type Subscription = { readonly subscriber: string; readonly events: readonly EventName[] }

export type JournalDeps = {
  readonly db: Knex
  readonly clock: Clock
  readonly newId: NewId
  /** Who wants an outbox row for which events. */
  readonly subscriptions: readonly Subscription[]
  /** Turns a violated constraint into the error its door can explain. */
  readonly explainConstraint: (error: unknown) => unknown
}

export type Journal = {
  /**
   * Runs `run` in one transaction and commits it with its events; returns what `run` returned. Without an event nothing is journalled.
   * `run` may be run again after a deadlock or serialization failure, so it must have no effect outside its transaction.
   */
  readonly change: <T>(by: Authority, run: (change: Change) => Promise<T>) => Promise<T>
}

const chunkSize = 1000
const attempts = 4

const commitStatement = `
  with counter as (
    update org_counters
    set event_seq = event_seq + $3, last_at = greatest(last_at + interval '1 microsecond', clock_timestamp())
    where org_id = $1 returning event_seq, last_at
  ), change as (
    insert into changes (org_id, id, seq, at) select $1, $2, event_seq, last_at from counter
  ), event as (
    insert into audit_events (org_id, id, seq, at, change_id, event, actor_type, actor_id, actor_name, door, connection_id, request_id,
      target_type, target_id, target_name, changed)
    select $1, e.id, counter.event_seq - $3 + e.position, counter.last_at, $2, e.event, $4, $5, $6, $7, $8::uuid, $9,
      e.target_type, e.target_id, e.target_name, e.changed
    from counter, jsonb_to_recordset($10::jsonb) as e(position int, id uuid, event text, target_type text, target_id text,
      target_name text, changed jsonb)
  ), list as (
    insert into audit_lists (org_id, audit_event_id, chunk, added, removed)
    select $1, l.id, l.chunk, l.added, l.removed
    from counter, jsonb_to_recordset($11::jsonb) as l(id uuid, chunk int, added jsonb, removed jsonb)
  ), delivery as (
    insert into outbox (org_id, id, seq, at, subscriber, event, audit_event_id, payload, due_at)
    select $1, o.id, counter.event_seq - $3 + o.position, counter.last_at, o.subscriber, o.event, o.event_id, o.payload, counter.last_at
    from counter, jsonb_to_recordset($12::jsonb) as o(id uuid, position int, subscriber text, event text, event_id uuid, payload jsonb)
  )
  select event_seq as seq from counter`

function chunks(id: string, list: NonNullable<RecordedEvent['list']>) {
  const rows = []
  for (let at = 0; at < Math.max(list.added.length, list.removed.length); at += chunkSize) {
    const part = { added: list.added.slice(at, at + chunkSize), removed: list.removed.slice(at, at + chunkSize) }
    rows.push({ id, chunk: rows.length, ...part })
  }
  return rows
}

async function writeEvents(change: Change, recorded: readonly RecordedEvent[], deps: JournalDeps): Promise<void> {
  const { by } = change
  const rows = recorded.map((entry, index) => ({
    position: index + 1,
    id: change.newId(),
    event: entry.event,
    target_type: entry.target.type,
    target_id: entry.target.id,
    target_name: entry.target.name ?? null,
    changed: entry.changed ?? {},
  }))
  const lists = recorded.flatMap((entry, index) => (entry.list && rows[index] ? chunks(rows[index].id, entry.list) : []))
  const deliveries = rows.flatMap((row) =>
    deps.subscriptions
      .filter((subscription) => subscription.events.includes(row.event))
      .map(({ subscriber }) => ({
        id: change.newId(),
        position: row.position,
        subscriber,
        event: row.event,
        event_id: row.id,
        payload: { target_type: row.target_type, target_id: row.target_id, changed: row.changed },
      })),
  )
  const written = await prepared(change.trx, 'journal-commit', commitStatement, [
    change.orgId,
    change.id,
    rows.length,
    by.actor.type,
    by.actor.id,
    by.actor.name ?? null,
    by.door,
    by.connectionId ?? null,
    by.requestId ?? null,
    JSON.stringify(rows),
    JSON.stringify(lists),
    JSON.stringify(deliveries),
  ])
  if (written.length !== 1) throw new Error(`organization ${change.orgId} has no counter: its journal was never started`)
}

export function createJournal(deps: JournalDeps): Journal {
  const once = <T>(by: Authority, run: (change: Change) => Promise<T>): Promise<T> =>
    deps.db.transaction((trx) =>
      withoutPool(async () => {
        const recorded: RecordedEvent[] = []
        const change: Change = {
          trx,
          orgId: by.orgId,
          id: deps.newId(),
          now: deps.clock(),
          newId: deps.newId,
          by,
          record: (event) => recorded.push(event),
          startJournal: async () => {
            await trx('org_counters').insert({ org_id: by.orgId }).onConflict('org_id').ignore()
          },
        }
        const result = await run(change)
        if (recorded.length > 0) await writeEvents(change, recorded, deps)
        return result
      }),
    )

  return {
    change: async (by, run) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(by, run)
        } catch (error) {
          if (!isRetryable(error) || attempt === attempts) throw deps.explainConstraint(error)
          await backOff(attempt)
        }
      }
    },
  }
}
