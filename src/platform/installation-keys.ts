import { randomBytes } from 'node:crypto'
import type { Knex } from './db/open.js'
import { prepared } from './db/query.js'

/**
 * Secrets that all processes of an installation share, 32 random bytes for each purpose. Whoever needs one first makes it, and the
 * database decides between two who come at once; a process reads each once and keeps it, since a key never changes.
 */

/** The secret of this name. */
export type InstallationKeys = (name: string) => Promise<Buffer>

const readSql = 'select secret from installation_keys where name = $1'
const makeSql = 'insert into installation_keys (name, secret, created_at) values ($1, $2, now()) on conflict (name) do nothing'

async function readOrMake(db: Knex, name: string): Promise<Buffer> {
  const read = () => prepared<{ secret: Uint8Array }>(db, 'installation-key', readSql, [name])
  let [row] = await read()
  if (!row) {
    await prepared(db, 'installation-key-make', makeSql, [name, randomBytes(32)])
    // In a statement of its own, so that it sees the row of another process that came first.
    ;[row] = await read()
  }
  if (!row) throw new Error(`the installation key ${name} was made but is not there`)
  return Buffer.from(row.secret)
}

export function installationKeys(db: Knex): InstallationKeys {
  const known = new Map<string, Promise<Buffer>>()
  return (name) => {
    const found = known.get(name) ?? readOrMake(db, name)
    known.set(name, found)
    // A failure is not kept: the next caller tries again.
    found.catch(() => known.delete(name))
    return found
  }
}
