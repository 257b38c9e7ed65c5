import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresDatabase } from './database.js'

/** An empty database for tests that stop it, migrate it or start processes on it; of the same kind as the run's. */
export async function ownDatabase(): Promise<{ env: Record<string, string>; remove: () => Promise<void> }> {
  if (process.env.TEST_DATABASE_URL) {
    const { url, drop } = await createPostgresDatabase()
    return { env: { DATABASE_URL: url }, remove: drop }
  }
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-own-'))
  return { env: { DATA_DIR: directory }, remove: async () => rmSync(directory, { recursive: true, force: true }) }
}
