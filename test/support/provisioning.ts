import { setTimeout as sleep } from 'node:timers/promises'
import { findCall, newestCalls } from '../../src/connections/index.js'
import type { Tenant } from './tenant.js'

/** The provisioning log of a tenant. It is written in batches a moment after the answers, so whoever reads it waits for it. */

export type Logged = NonNullable<Awaited<ReturnType<typeof findCall>>>

const tries = 400

/** Every call of the organization in the order they ended, once there are `count`. */
export async function callsOf({ app, orgId }: Pick<Tenant, 'app' | 'orgId'>, count: number): Promise<Logged[]> {
  const { db } = app.core
  for (let tried = 0; tried < tries; tried++) {
    const lines = await newestCalls(db, [orgId], { limit: 1000 })
    if (lines.length >= count) {
      const found = await Promise.all(lines.reverse().map(({ id }) => findCall(db, [orgId], id)))
      return found.flatMap((call) => call ?? [])
    }
    await sleep(25)
  }
  throw new Error(`the log never had ${count} calls`)
}

/** The one call that `work` makes, the last of its organization. */
export async function callMadeBy(tenant: Pick<Tenant, 'app' | 'orgId'>, work: () => Promise<unknown>): Promise<Logged> {
  const before = await tenant.app.core
    .db('provisioning_log')
    .where({ org_id: tenant.orgId })
    .count<{ count: number }[]>('* as count')
  await work()
  const calls = await callsOf(tenant, Number(before[0]?.count ?? 0) + 1)
  const last = calls.at(-1)
  if (!last) throw new Error('no call was logged')
  return last
}
