import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * A lock file with the holder's process id and start time, so that a lock left by a killed process (or by an earlier life of the same
 * container, whose process id is the same) is known to be stale.
 */

export class LockHeldError extends Error {}

export type LockHolder = {
  readonly pid: number
  readonly started: string
  /** Where the holder listens and how a local command line may speak to it; written once it does. */
  readonly url?: string
  readonly operatorToken?: string
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function isAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const started = startOf(holder.pid)
  return started === undefined || holder.started === '' || started === holder.started
}

/** The live holder of a lock file, or undefined where nobody holds it. */
export function lockHolder(file: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as LockHolder
    return isAlive(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

// Two starters may judge the same file stale. Whoever moves it looks again at what it moved, and gives a live lock back.
function setAside(file: string): void {
  const aside = `${file}.stale-${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  if (lockHolder(aside)) linkSync(aside, file)
  rmSync(aside, { force: true })
}

/**
 * Takes the lock or says who holds it. The file appears under its name complete and at once (a link), so two starters cannot both win.
 * @throws LockHeldError
 */
export function takeLock(file: string) {
  const own: LockHolder = { pid: process.pid, started: startOf(process.pid) ?? '' }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(draft, file)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const holder = lockHolder(file)
        if (holder || attempt === 2) {
          throw new LockHeldError(
            `Process ${holder?.pid ?? '(unknown)'} is using ${file.replace(/[^/]*$/, '')}. The embedded database is for one process: stop that one, choose another DATA_DIR, or set DATABASE_URL to a PostgreSQL server.`,
          )
        }
        setAside(file)
      }
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return { release: () => rmSync(file, { force: true }) }
}

/** Adds to the lock held by this process how a local command line reaches it. Replaced whole: a reader never sees half a file. */
export function announceHolder(file: string, contact: { url: string; operatorToken: string }): void {
  const own: LockHolder = { pid: process.pid, started: startOf(process.pid) ?? '', ...contact }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  renameSync(draft, file)
}

/** The lock file of the embedded database in a data directory. */
export function lockFileOf(dataDir: string): string {
  return join(resolve(dataDir), 'gatehouse.lock')
}
