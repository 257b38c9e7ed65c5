import type { Change } from '../journal/index.js'
import { conflict } from '../platform/errors.js'
import { brakeStore } from './brake-store.js'
import { connectionStore } from './connection-store.js'
import { lockConnection, targetOf } from './connections.js'
import type { Connection, Verdict } from './model.js'

/** What an administrator decides about changes that the brake of a connection holds. Either way the connection works again. */

async function decide(c: Change, before: Connection, given: { kind: Verdict['kind']; hours: number }): Promise<Connection> {
  const store = connectionStore(c.trx)
  if (before.status === 'paused') await store.setPause(c.orgId, before.id, null, c.now)
  await store.setVerdict(c.orgId, before.id, given, c.now)
  const after = await lockConnection(c, before.id)
  c.record({
    event: given.kind === 'released' ? 'connection.brake_released' : 'connection.brake_rejected',
    target: targetOf(before),
    changed: {
      ...(before.status !== after.status && { status: { before: before.status, after: after.status } }),
      until: { before: before.verdict?.until.toISOString() ?? null, after: after.verdict?.until.toISOString() ?? null },
    },
  })
  return after
}

/**
 * Lets everything through for `hours`; what left until now counts no more. Also ahead of a wipe that is meant.
 * @throws AppError not_found; conflict `paused_by_hand`
 */
export async function releaseConnection(c: Change, id: string, hours: number): Promise<Connection> {
  const before = await lockConnection(c, id)
  if (before.pause?.by === 'administrator') {
    throw conflict('paused_by_hand', 'An administrator paused the connection, not its brake. Resume it first.')
  }
  await brakeStore(c.trx).forgetDepartures(c.orgId, id)
  return decide(c, before, { kind: 'released', hours })
}

/**
 * Refuses for good, for `hours`, what the brake held; every other change goes on.
 * @throws AppError not_found; conflict `not_braked`
 */
export async function rejectHeldChange(c: Change, id: string, hours: number): Promise<Connection> {
  const before = await lockConnection(c, id)
  if (before.pause?.by !== 'brake')
    throw conflict('not_braked', 'The brake of the connection holds nothing that could be rejected.')
  return decide(c, before, { kind: 'rejected', hours })
}
