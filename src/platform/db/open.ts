import { AsyncLocalStorage } from 'node:async_hooks'
import knexPackage, { type Knex } from 'knex'
import pg from 'pg'
import type { Config } from '../config.js'
import { openEmbedded } from './embedded.js'

export type { Knex } from 'knex'

export type DatabaseKind = 'postgresql' | 'embedded'

export type Database = {
  readonly db: Knex
  readonly kind: DatabaseKind
  /** Most connections, and how long a request waits for one, in milliseconds. */
  readonly size: number
  readonly patience: number
  /** Connections in use, idle, and requests waiting for one. */
  readonly pool: () => { used: number; free: number; waiting: number }
  readonly close: () => Promise<void>
}

type ConnectionSource = { readonly settings: () => Promise<object>; readonly max: number; readonly close: () => Promise<void> }

// Counters and totals stay far below 2^53, and a number compares as one.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const inChange = new AsyncLocalStorage<true>()

// What knex would print (a lost or refused connection, mostly) also reaches whoever asked, as an error; standard error is for our log.
const silent = { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} }

/**
 * Runs `work` with the pool out of bounds: with the embedded pool of one, a query outside the open transaction would wait for
 * itself forever, and with PostgreSQL it would not belong to the change. So it throws at once, everywhere.
 */
export function withoutPool<T>(work: () => Promise<T>): Promise<T> {
  return inChange.run(true, work)
}

function openPool(kind: DatabaseKind, config: Config, source: ConnectionSource): Database {
  // The embedded database does one thing at a time, so its queue is longer and nobody's fault.
  const patience = kind === 'embedded' ? 30000 : config.DATABASE_ACQUIRE_TIMEOUT_MS
  const db = knexPackage.knex({
    client: 'pg',
    connection: source.settings,
    log: silent,
    pool: { min: source.max === 1 ? 1 : 0, max: source.max },
    acquireConnectionTimeout: patience,
  })
  const acquire = db.client.acquireConnection.bind(db.client)
  db.client.acquireConnection = (...args: unknown[]) => {
    if (inChange.getStore()) throw new Error('a change used the pool: inside journal.change only its own transaction may be used')
    return acquire(...args)
  }
  return {
    db,
    kind,
    size: source.max,
    patience,
    pool: () => {
      const pool = db.client.pool
      return { used: pool.numUsed(), free: pool.numFree(), waiting: pool.numPendingAcquires() }
    },
    close: async () => {
      await db.destroy()
      await source.close()
    },
  }
}

/**
 * Opens PostgreSQL where DATABASE_URL names one, else the embedded database under DATA_DIR.
 */
export async function openDatabase(config: Config): Promise<Database> {
  if (!config.DATABASE_URL) return openPool('embedded', config, await openEmbedded(config.DATA_DIR))
  const settings = {
    connectionString: config.DATABASE_URL,
    application_name: 'gatehouse',
    statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
    lock_timeout: 10000,
    idle_in_transaction_session_timeout: 60000,
    connectionTimeoutMillis: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    keepAlive: true,
    // Compiling a statement takes longer than any statement of ours: PostgreSQL judges by guesses far above what is read.
    options: '-c jit=off',
  }
  return openPool('postgresql', config, {
    settings: async () => settings,
    max: config.DATABASE_POOL_MAX,
    close: async () => {},
  })
}
