import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'

/** Token buckets of connections, one row each, drawn on by all processes. The database's clock refills them. */

/** A draw: `granted` requests may be made; where it is none, one may be made in `wait` seconds. */
export type Draw = { readonly granted: number; readonly wait: number }

type Bucket = { readonly orgId: string; readonly connectionId: string; readonly perSecond: number; readonly burst: number }

// What is in the bucket now; $3 is what comes in a second, $4 what it holds.
const level = `least($4::float8, b.tokens + $3::float8 * greatest(0, extract(epoch from now() - b.refilled_at)::float8))`

// What was asked for and, while the bucket is well filled, a quarter of what is beyond a second's worth: so a process seldom comes
// back, and what lies with idle processes is never missed by the busy one.
const grant = (held: string) => `greatest(0, least(
  $5::int + greatest(0, least($3::float8, floor((${held} - $5::int - $3::float8) / 4))),
  floor(${held})))::int`

const drawSql = `
  insert into connection_budgets as b (org_id, connection_id, tokens, granted, refilled_at)
  values ($1, $2, $4::float8 - ${grant('$4::float8')}, ${grant('$4::float8')}, now())
  on conflict (org_id, connection_id) do update
    set tokens = ${level} - ${grant(level)}, granted = ${grant(level)}, refilled_at = greatest(b.refilled_at, now())
  returning b.granted, ceil((1 - b.tokens) / $3::float8)::int as wait`

// The bucket may go below nothing: work that cannot be divided is done whole, and what follows waits until it is paid for.
const chargeSql = `
  insert into connection_budgets as b (org_id, connection_id, tokens, granted, refilled_at)
  values ($1, $2, $4::float8 - $5::int, $5::int, now())
  on conflict (org_id, connection_id) do update
    set tokens = ${level} - $5::int, granted = $5::int, refilled_at = greatest(b.refilled_at, now())`

export function budgetStore(db: Knex) {
  const values = ({ orgId, connectionId, perSecond, burst }: Bucket, requests: number) => [
    orgId,
    connectionId,
    perSecond,
    burst,
    requests,
  ]
  return {
    /** Takes at most what is there: `requests`, and some for later while there is plenty. */
    draw: async (bucket: Bucket, requests: number): Promise<Draw> => {
      const [row] = await prepared<Draw>(db, 'budget-draw', drawSql, values(bucket, requests))
      if (!row) throw new Error('a budget could not be drawn on')
      return row
    },

    /** Takes `requests` whatever is there. */
    charge: async (bucket: Bucket, requests: number): Promise<void> => {
      await prepared(db, 'budget-charge', chargeSql, values(bucket, requests))
    },
  }
}
