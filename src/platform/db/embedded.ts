import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { dataDir as preparedCluster } from '@electric-sql/pglite-prepopulatedfs'
import { extract } from 'tar'
import { lockFileOf, takeLock } from './lock.js'

/**
 * The embedded database: PGlite behind the node-postgres adapter, one connection, one process. The adapter's engine has no lock of
 * its own (two processes on one directory lose data silently), so a lock file is taken before anything is opened.
 */

// Creating a cluster takes seconds and hundreds of megabytes; unpacking one that was created when the package was built takes neither.
async function unpackCluster(directory: string): Promise<void> {
  const unfinished = `${directory}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  const archive = Buffer.from(await (await preparedCluster()).arrayBuffer())
  await pipeline(Readable.from([archive]), extract({ cwd: unfinished }))
  renameSync(unfinished, directory)
}

/** Opens (creating it at first) the database under `dataDir`. @throws LockHeldError where another process has it */
export async function openEmbedded(dataDir: string) {
  const root = resolve(dataDir)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const lock = takeLock(lockFileOf(dataDir))
  try {
    const directory = join(root, 'pgdata')
    if (!existsSync(join(directory, 'PG_VERSION'))) await unpackCluster(directory)
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
