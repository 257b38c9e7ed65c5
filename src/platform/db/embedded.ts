import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { lockFileOf, takeLock } from './lock.js'

/**
 * The embedded database: PGlite behind the node-postgres adapter, one connection, one process. The adapter's engine has no lock of
 * its own (two processes on one directory lose data silently), so a lock file is taken before anything is opened.
 */

const marker = 'PG_VERSION'

/** Runs the preparing module in a child that exits: creating a cluster takes hundreds of megabytes that a server need not keep. */
async function prepareData(prepare: URL, directory: string): Promise<void> {
  const unfinished = `${directory}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(prepare), unfinished], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (text) => {
    complaint = (complaint + text).slice(-4000)
  })
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done))
  if (code !== 0)
    throw new Error(`the embedded database could not be created in ${directory}: ${complaint || `exit code ${code}`}`)
  renameSync(unfinished, directory)
}

/** Creates an empty cluster in `directory`, in this process. */
export async function createCluster(directory: string): Promise<PGlite> {
  mkdirSync(directory, { recursive: true })
  return PGlite.create({ dataDir: directory })
}

/** Opens (creating it at first) the database under `dataDir`. */
export async function openEmbedded(dataDir: string, prepare: URL) {
  const root = resolve(dataDir)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const lock = takeLock(lockFileOf(root))
  try {
    const directory = join(root, 'pgdata')
    if (!existsSync(join(directory, marker))) await prepareData(prepare, directory)
    const engine = await PGlite.create({ dataDir: directory })
    return {
      settings: async () => createPgConfig(engine),
      max: 1,
      close: async () => {
        await engine.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
