import { migrations } from '../../migrations/index.js'
import { seedDemo } from '../../seeds/demo.js'
import { type App, type Core, createApp } from '../app.js'
import { createOperatorToken, listOperatorTokens, revokeOperatorToken } from '../credentials/index.js'
import { type Listener, listen } from '../http/server.js'
import type { Config } from '../platform/config.js'
import { announceHolder, lockFileOf } from '../platform/db/lock.js'
import { migrate } from '../platform/db/migrate.js'
import { type Database, openDatabase } from '../platform/db/open.js'
import type { Logger } from '../platform/log.js'
import { changeInstallation } from './installation.js'
import { publicUrlOf } from './public-url.js'

/** One server from its first breath to its last. */

export type RunningServer = {
  readonly url: string
  readonly database: Database['kind']
  /** Tokens are there in demo mode only. */
  readonly scim: { readonly baseUrl: string; readonly token?: string }
  readonly operator: { readonly baseUrl: string; readonly token?: string }
  /** Not ready, then no new calls, then the ones in flight finished, then the database closed. */
  readonly stop: () => Promise<void>
}

const startToken = 'this machine'

// The embedded database is closed to other processes, so the command line comes through this one, by a token that lives for one start.
async function issueLocalToken(core: Core): Promise<string> {
  const tokens = await listOperatorTokens(core.db)
  const earlier = tokens.filter((token) => token.name === startToken && token.state === 'live')
  const issued = await changeInstallation(core, 'system', async (c) => {
    for (const token of earlier) await revokeOperatorToken(c, token.id)
    return createOperatorToken(c, { name: startToken, expiresAt: null })
  })
  return issued.secret
}

function stopper(config: Config, parts: { listener: Listener; app: App; database: Database }): () => Promise<void> {
  return async () => {
    parts.app.drain()
    await parts.listener.stop(config.SHUTDOWN_GRACE_MS)
    await parts.app.stop()
    await parts.database.close()
  }
}

async function announce(config: Config, core: Core, localUrl: string): Promise<Pick<RunningServer, 'scim' | 'operator'>> {
  const scim = { baseUrl: `${core.publicUrl}/scim/v2/{organization}` }
  const operator = { baseUrl: `${core.publicUrl}/operator/v1` }
  if (config.DATABASE_URL) return { scim, operator }
  const operatorToken = await issueLocalToken(core)
  announceHolder(lockFileOf(config.DATA_DIR), { url: localUrl, operatorToken })
  if (!config.demo) return { scim, operator }
  const { baseUrl, token } = await seedDemo(core)
  return { scim: { baseUrl, ...(token !== undefined && { token }) }, operator: { ...operator, token: operatorToken } }
}

/** Opens, migrates, listens. Fails with what was opened closed again. */
export async function runServer(config: Config, log: Logger): Promise<RunningServer> {
  const database = await openDatabase(config)
  let listener: Listener | undefined
  try {
    await migrate(database.db, migrations, config.DATABASE_URL)
    listener = await listen({ host: config.HOST, port: config.PORT })
    const url = publicUrlOf(config, listener.port)
    const app = createApp({ config, database, log, publicUrl: url })
    listener.serve(app.handler)
    const stop = stopper(config, { listener, app, database })
    const localUrl = publicUrlOf({ ...config, PUBLIC_URL: undefined }, listener.port)
    return { url, database: database.kind, ...(await announce(config, app.core, localUrl)), stop }
  } catch (error) {
    await listener?.stop(0)
    await database.close()
    throw error
  }
}
