import type { ProfileName } from '../contract/connection.js'
import { brakeDefaults } from '../contract/connection-settings.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { notFound } from '../platform/errors.js'
import { connectionStore } from './connection-store.js'
import type { Connection, Pause } from './model.js'

/** Channels to identity providers. Pausing one stops its changes and takes nothing away. */

export const targetOf = (connection: Connection) => ({ type: 'connection', id: connection.id, name: connection.name })

/** Creates a SCIM connection. @throws AppError conflict `connection_name_taken` */
export async function createConnection(c: Change, input: { name: string; profile: ProfileName }): Promise<Connection> {
  const { name, profile } = input
  const connection: Connection = {
    id: c.newId(),
    kind: 'scim',
    name,
    profile,
    status: 'active',
    pause: null,
    requestsPerSecond: null,
    allowedFrom: [],
    brake: brakeDefaults,
    verdict: null,
    version: 1,
    createdAt: c.now,
  }
  await connectionStore(c.trx).insert(c.orgId, connection)
  c.record({
    event: 'connection.created',
    target: targetOf(connection),
    changed: { kind: { after: 'scim' }, profile: { after: profile } },
  })
  return connection
}

/** Reads a connection for a change of it or of its tokens. @throws AppError not_found */
export async function lockConnection(c: Change, id: string): Promise<Connection> {
  const connection = await connectionStore(c.trx).lock(c.orgId, id)
  if (!connection) throw notFound('connection_not_found', 'The organization has no such connection.')
  return connection
}

async function setPause(c: Change, id: string, pause: Pause | null): Promise<Connection> {
  const before = await lockConnection(c, id)
  const status = pause ? 'paused' : 'active'
  if (before.status === status) return before
  await connectionStore(c.trx).setPause(c.orgId, id, pause, c.now)
  c.record({
    event: pause ? 'connection.paused' : 'connection.resumed',
    target: targetOf(before),
    changed: { status: { before: before.status, after: status } },
  })
  return { ...before, status, pause, version: before.version + 1 }
}

/** Puts off all changes of the connection until it is resumed; a paused one stays as it is. @throws AppError not_found */
export function pauseConnection(c: Change, id: string): Promise<Connection> {
  return setPause(c, id, { by: 'administrator', reason: null })
}

/** Lets the connection change things again, its brake as it is; an active one stays as it is. @throws AppError not_found */
export function resumeConnection(c: Change, id: string): Promise<Connection> {
  return setPause(c, id, null)
}

/** By id or, for people, by name. */
export function findConnection(db: Knex, orgId: string, idOrName: string): Promise<Connection | undefined> {
  return connectionStore(db).find(orgId, idOrName)
}

export function listConnections(db: Knex, orgId: string): Promise<Connection[]> {
  return connectionStore(db).list(orgId)
}
