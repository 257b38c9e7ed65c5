import type { Knex } from '../platform/db/open.js'
import { isId } from '../platform/ids.js'
import { connectionStore, type Dialect } from './connection-store.js'
import type { LoggedCall, LoggedEvent, LoggedLine } from './provisioning-log.js'
import { type LineQuery, provisioningLogStore } from './provisioning-log-store.js'

export type { Dialect } from './connection-store.js'

/** The provisioning log as it is read. Organizations are always named, one or many. */

/** The newest calls, the newest first; `from` is an id to begin with. */
export function newestCalls(db: Knex, orgIds: readonly string[], query: LineQuery): Promise<LoggedLine[]> {
  return provisioningLogStore(db).newest(orgIds, query)
}

/** One call with what lies behind it, and the audit events of what it changed. */
export async function findCall(
  db: Knex,
  orgIds: readonly string[],
  id: string,
): Promise<(LoggedCall & { events: LoggedEvent[] }) | undefined> {
  return isId(id) ? provisioningLogStore(db).find(orgIds, id) : undefined
}

/** The dialect a connection speaks today, which may not be the one a logged call was read by. */
export function dialectOf(db: Knex, orgId: string, connectionId: string): Promise<Dialect | undefined> {
  return connectionStore(db).dialect(orgId, connectionId)
}
