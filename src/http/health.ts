import type { Reply } from './endpoint.js'

/**
 * Pages for whoever watches the process: `live` says that the event loop turns and nothing else, so that a database outage never
 * restarts a healthy process; `ready` says whether requests should be sent here.
 */

export type HealthDeps = {
  /** Reads the state of the schema from the database; fails where it cannot be reached. */
  readonly schemaState: () => Promise<{ missing: readonly string[]; unknown: readonly string[] }>
  readonly stopping: () => boolean
  readonly metrics: { readonly contentType: string; readonly render: () => Promise<string> }
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

/** Milliseconds after which a database that has not answered counts as unreachable. */
const patience = 3000

const notReady = (reason: string): Reply => ({
  status: 503,
  headers: { 'Retry-After': '5' },
  body: { status: 'not ready', reason },
})

async function ready(deps: HealthDeps): Promise<Reply> {
  if (deps.stopping()) return notReady('stopping')
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`no answer in ${patience} ms`)), patience)
  })
  try {
    const { missing, unknown } = await Promise.race([deps.schemaState(), late])
    if (missing.length > 0) return notReady(`the schema lacks ${missing.length} migrations: run gatehouse migrate`)
    // A newer version may already have migrated: the schema only ever grows under us, so this version keeps serving.
    return { status: 200, body: { status: 'ready', ...(unknown.length > 0 && { newerMigrations: unknown }) } }
  } catch (error) {
    deps.log.warn({ err: error }, 'not ready: the database does not answer')
    return notReady('the database does not answer')
  } finally {
    clearTimeout(timer)
  }
}

/** The page at a path, or undefined where none is. */
export function healthPage(deps: HealthDeps, path: string): (() => Promise<Reply>) | undefined {
  if (path === '/healthz/live') return async () => ({ status: 200, body: { status: 'live' } })
  if (path === '/healthz/ready') return () => ready(deps)
  if (path === '/metrics') {
    return async () => ({ status: 200, headers: { 'Content-Type': deps.metrics.contentType }, body: await deps.metrics.render() })
  }
  return undefined
}
