import { migrations } from '../../migrations/index.js'
import { type Core, createCore } from '../app.js'
import type { OperatorApi } from '../operator/api.js'
import { directApi } from '../operator/direct.js'
import type { Config } from '../platform/config.js'
import { type LockHolder, lockFileOf, lockHolder } from '../platform/db/lock.js'
import { migrate, schemaState } from '../platform/db/migrate.js'
import { openDatabase } from '../platform/db/open.js'
import { publicUrlOf } from './public-url.js'
import { remoteApi } from './remote-api.js'

/**
 * Where a command works: on the server that GATEHOUSE_URL names; else on the PostgreSQL that DATABASE_URL names; else through the
 * process that holds the embedded database; else on that database itself.
 */

async function prepareSchema(core: Core, config: Config): Promise<void> {
  const { missing } = await schemaState(core.db, migrations)
  if (missing.length === 0) return
  if (config.DATABASE_URL) throw new Error('The database lacks migrations of this version. Run "gatehouse migrate" first.')
  await migrate(core.db, migrations)
}

/** Opens the database for `work` and closes it again. @throws LockHeldError where another process has the embedded one */
export async function withCore<T>(config: Config, work: (core: Core) => Promise<T>): Promise<T> {
  const database = await openDatabase(config)
  try {
    const core = createCore({ database, publicUrl: publicUrlOf(config, config.PORT) })
    await prepareSchema(core, config)
    return await work(core)
  } finally {
    await database.close()
  }
}

function throughHolder(holder: LockHolder): OperatorApi {
  if (holder.url && holder.operatorToken) return remoteApi(holder.url, holder.operatorToken)
  throw new Error(`Process ${holder.pid} has the embedded database open but does not serve yet. Try again when it does.`)
}

export async function withApi<T>(config: Config, work: (api: OperatorApi) => Promise<T>): Promise<T> {
  if (config.GATEHOUSE_URL) {
    if (!config.GATEHOUSE_OPERATOR_TOKEN) {
      throw new Error(
        `GATEHOUSE_URL is set, but GATEHOUSE_OPERATOR_TOKEN is not. Make one where the database is: gatehouse operator-token create NAME`,
      )
    }
    return work(remoteApi(config.GATEHOUSE_URL, config.GATEHOUSE_OPERATOR_TOKEN))
  }
  const holder = config.DATABASE_URL ? undefined : lockHolder(lockFileOf(config.DATA_DIR))
  if (holder) return work(throughHolder(holder))
  return withCore(config, (core) =>
    work(directApi(core, { actor: { type: 'operator', id: 'cli', name: 'command line' }, door: 'cli' })),
  )
}
