import type { RequestListener } from 'node:http'
import { migrations } from '../migrations/index.js'
import {
  createLimits,
  startProvisioningLog,
  startProvisioningLogPurge,
  trackTokenUse,
  warnOfExpiry,
} from './connections/index.js'
import { explainConstraint } from './directory/index.js'
import { mountDoor } from './http/door.js'
import { createHandler } from './http/serve.js'
import { createTurns, turnRules } from './http/turns.js'
import { createJournal, type Journal, outboxLag, type Subscriber, startOutbox } from './journal/index.js'
import { operatorDoor } from './operator/door.js'
import { type Clock, systemClock } from './platform/clock.js'
import type { Config } from './platform/config.js'
import { schemaState } from './platform/db/migrate.js'
import type { Database } from './platform/db/open.js'
import { startHourly } from './platform/hourly.js'
import { type NewId, newId } from './platform/ids.js'
import type { Logger } from './platform/log.js'
import { createMetrics } from './platform/metrics.js'
import { scimDoor } from './scim/door.js'
import { oauthBodyLimit, oauthDoor } from './scim/oauth-door.js'

/** Puts the parts together over an open database. Nothing here listens, migrates or prints. */

export type AppDeps = {
  readonly config: Config
  readonly database: Database
  readonly log: Logger
  /** The address clients use, without a slash at its end. */
  readonly publicUrl: string
}

/** What commands outside any door need: the database, the write path, the address. */
export type Core = {
  readonly db: Database['db']
  readonly journal: Journal
  readonly clock: Clock
  readonly newId: NewId
  readonly publicUrl: string
}

export type App = {
  readonly core: Core
  readonly handler: RequestListener
  /** From now on the server says that it is not ready; calls are still answered. */
  readonly drain: () => void
  /** Ends the background work. The database stays open. */
  readonly stop: () => Promise<void>
}

const outboxEveryMs = 1000

// Nobody acts on events yet; mail and webhooks come here.
const subscribers: readonly Subscriber[] = []

export function createCore(deps: Pick<AppDeps, 'database' | 'publicUrl'>): Core {
  const { db } = deps.database
  const journal = createJournal({ db, clock: systemClock, newId, subscriptions: subscribers, explainConstraint })
  return { db, journal, clock: systemClock, newId, publicUrl: deps.publicUrl }
}

export function createApp(deps: AppDeps): App {
  const { config, database, log } = deps
  const core = createCore(deps)
  const { db } = core
  const metrics = createMetrics()
  metrics.gauge('gatehouse_database_connections_used', 'Database connections in use.', () => database.pool().used)
  metrics.gauge('gatehouse_database_connections_free', 'Database connections at rest.', () => database.pool().free)
  metrics.gauge('gatehouse_database_connections_awaited', 'Requests that wait for a connection.', () => database.pool().waiting)
  metrics.gauge('gatehouse_outbox_lag_seconds', 'Age of the oldest event whose delivery is due.', () => outboxLag(db))

  const tokenUse = trackTokenUse({ db, log })
  const outbox = startOutbox({ db, log, subscribers }, outboxEveryMs)
  let draining = false
  const stopping = () => draining

  const provisioningLog = startProvisioningLog({ db, log })
  const purge = startProvisioningLogPurge({ db, clock: core.clock, log, days: config.PROVISIONING_LOG_DAYS })
  const { state } = provisioningLog
  metrics.gauge('gatehouse_provisioning_log_waiting', 'Calls that wait to be written to the log.', () => state().waiting)
  metrics.gauge('gatehouse_provisioning_log_lost', 'Calls that never reached the log.', () => state().lostCalls)
  metrics.gauge('gatehouse_provisioning_log_bodies_dropped', 'Calls logged without a body.', () => state().droppedBodies)

  const warnings = startHourly(() => warnOfExpiry(core), { log, failing: 'tokens that end soon could not be warned of' })

  const limits = createLimits({ db, clock: core.clock, perSecond: config.SCIM_REQUESTS_PER_SECOND })
  const turns = createTurns(turnRules(database.size, database.patience))

  const bodyLimit = config.BODY_LIMIT_KB * 1024
  const publicUrl = () => core.publicUrl
  const scim = scimDoor({ ...core, log, publicUrl, tokenUse, provisioningLog, limits, bodyLimitBytes: bodyLimit })
  const oauth = oauthDoor({ ...core, log, limits })

  const handler = createHandler({
    doors: [
      mountDoor(scim, { bodyLimit, turns }),
      mountDoor(oauth, { bodyLimit: oauthBodyLimit, turns }),
      mountDoor(operatorDoor(core), { bodyLimit }),
    ],
    health: { schemaState: () => schemaState(db, migrations), stopping, metrics, log },
    metrics,
    log,
    newId,
    trustProxy: config.TRUST_PROXY.split(',').flatMap((range) => range.trim() || []),
    https: core.publicUrl.startsWith('https:'),
    stopping,
  })

  return {
    core,
    handler,
    drain: () => {
      draining = true
    },
    stop: async () => {
      draining = true
      await outbox.stop()
      await tokenUse.stop()
      await warnings.stop()
      await purge.stop()
      await provisioningLog.stop()
    },
  }
}
