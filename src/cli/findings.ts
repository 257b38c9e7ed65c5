import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { migrations } from '../../migrations/index.js'
import { systemClock } from '../platform/clock.js'
import type { Config } from '../platform/config.js'
import { lockFileOf, lockHolder } from '../platform/db/lock.js'
import { schemaState } from '../platform/db/migrate.js'
import { type Knex, openDatabase } from '../platform/db/open.js'
import { isSupportedEngine, oldestEngine } from '../platform/engine.js'
import { explainFailure } from './failure.js'

/** What can be told about an installation without changing it. */

export type Finding = { readonly check: string; readonly state: 'ok' | 'warning' | 'fault'; readonly detail: string }

/** Seconds by which the clocks of process and database may differ before it is worth a word. */
const tolerableSkew = 5
const leastFreeBytes = 200 * 1024 * 1024

const finding = (check: string, state: Finding['state'], detail: string): Finding => ({ check, state, detail })

async function attempt(check: string, look: () => Promise<Finding>): Promise<Finding> {
  return look().catch((error: unknown) => finding(check, 'fault', explainFailure(error).text))
}

function engine(): Finding {
  const fine = isSupportedEngine(process.version)
  return finding('node', fine ? 'ok' : 'fault', `${process.version}${fine ? '' : `; needed is ${oldestEngine} or newer`}`)
}

function mode(config: Config): Finding {
  if (config.demo)
    return finding('mode', 'warning', 'demo: secrets are printed at start; set NODE_ENV=production or PUBLIC_URL to end it')
  if (!config.PUBLIC_URL)
    return finding('mode', 'warning', 'production without PUBLIC_URL: addresses given to clients name HOST and PORT')
  if (config.PUBLIC_URL.startsWith('http:'))
    return finding('mode', 'warning', 'production, but PUBLIC_URL is not https: tokens travel in the clear')
  return finding('mode', 'ok', `production at ${config.PUBLIC_URL}`)
}

async function existing(directory: string): Promise<string> {
  const there = await access(directory).then(
    () => true,
    () => false,
  )
  return there || dirname(directory) === directory ? directory : existing(dirname(directory))
}

async function disk(config: Config): Promise<Finding> {
  const directory = await existing(resolve(config.DATA_DIR))
  await access(directory, constants.W_OK)
  const { bavail, bsize } = await statfs(directory)
  const free = `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB free in ${directory}`
  return bavail * bsize < leastFreeBytes ? finding('disk', 'warning', `only ${free}`) : finding('disk', 'ok', free)
}

async function schema(db: Knex): Promise<Finding> {
  const { missing, unknown } = await schemaState(db, migrations)
  if (missing.length > 0) return finding('schema', 'fault', `lacks ${missing.join(', ')}: run gatehouse migrate`)
  if (unknown.length > 0) return finding('schema', 'warning', `a newer version ran ${unknown.join(', ')}`)
  return finding('schema', 'ok', `${migrations.length} migrations`)
}

async function clocks(db: Knex): Promise<Finding> {
  const asked = systemClock().getTime()
  const reply = await db.raw('select extract(epoch from clock_timestamp())::float8 as now')
  const middle = (asked + systemClock().getTime()) / 2000
  const skew = Math.abs(reply.rows[0].now - middle)
  return finding('clock', skew > tolerableSkew ? 'warning' : 'ok', `${skew.toFixed(1)} s between this process and the database`)
}

async function database(config: Config): Promise<Finding[]> {
  const opened = await openDatabase(config)
  try {
    const version = await attempt('database', async () => {
      const reply = await opened.db.raw('show server_version')
      return finding('database', 'ok', `${opened.kind}, PostgreSQL ${reply.rows[0].server_version}`)
    })
    if (version.state === 'fault') return [version]
    return [version, await attempt('schema', () => schema(opened.db)), await attempt('clock', () => clocks(opened.db))]
  } finally {
    await opened.close()
  }
}

async function runningServer(url: string): Promise<Finding> {
  const reply = await fetch(`${url}/healthz/ready`, { signal: AbortSignal.timeout(5000) })
  const answer = (await reply.json()) as { status: string; reason?: string }
  return finding('server', reply.ok ? 'ok' : 'fault', `${url} says ${answer.status}${answer.reason ? `: ${answer.reason}` : ''}`)
}

/** Looks at everything; what cannot be looked at is a fault, and the rest is looked at all the same. */
export async function findings(read: () => Config): Promise<Finding[]> {
  let config: Config
  try {
    config = read()
  } catch (error) {
    return [engine(), finding('settings', 'fault', explainFailure(error).text)]
  }
  const own = [engine(), finding('settings', 'ok', 'all readable'), mode(config)]
  if (config.DATABASE_URL) return [...own, ...(await database(config).catch(unopened))]
  const holder = lockHolder(lockFileOf(config.DATA_DIR))
  const held = holder?.url ? await attempt('server', () => runningServer(holder.url ?? '')) : undefined
  const stored = held ? [held] : await database(config).catch(unopened)
  return [...own, await attempt('disk', () => disk(config)), ...stored]
}

const unopened = (error: unknown): Finding[] => [finding('database', 'fault', explainFailure(error).text)]
