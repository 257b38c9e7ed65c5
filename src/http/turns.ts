import { unavailable } from '../platform/errors.js'

/**
 * Whose request comes next while the process is busy. Requests wait by name (a tenant), the names take turns, and none holds every
 * place at once, so whoever sends five hundred requests waits behind their own and not in front of everybody else.
 */

export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>

export type TurnRules = {
  /** How much is worked on at once, over all names. */
  readonly places: number
  /** How much of it for one name. */
  readonly ofOne: number
  /** How much of one name may wait; what comes beyond is sent away. */
  readonly waiting: number
  /** How long it may wait, in milliseconds. */
  readonly patience: number
}

type Waiter = { readonly begin: () => void }

const crowded = () =>
  unavailable(
    'too_busy',
    'More requests came at once than can be worked on. Send this one again in a moment, and fewer side by side.',
    { retryAfter: 1 },
  )

/** Rules for a database pool of `connections`: a fifth of it, one at least, is never one name's. */
export function turnRules(connections: number, patience: number): TurnRules {
  const spared = Math.max(1, Math.floor(connections / 5))
  return { places: connections, ofOne: Math.max(1, connections - spared), waiting: 200, patience }
}

/** @throws AppError unavailable `too_busy` where a name's line is full or did not move in time */
export function createTurns(rules: TurnRules): Turns {
  const running = new Map<string, number>()
  // In order of turns: a name that was served goes behind the others.
  const lines = new Map<string, Set<Waiter>>()
  let free = rules.places

  const mayRun = (name: string) => free > 0 && (running.get(name) ?? 0) < rules.ofOne

  const enter = (name: string) => {
    free--
    running.set(name, (running.get(name) ?? 0) + 1)
  }

  const serveNext = () => {
    for (const [name, line] of lines) {
      if (free === 0) return
      if (!mayRun(name)) continue
      const [next] = line
      if (!next) continue
      lines.delete(name)
      line.delete(next)
      if (line.size > 0) lines.set(name, line)
      enter(name)
      next.begin()
    }
  }

  const leave = (name: string) => {
    free++
    const left = (running.get(name) ?? 1) - 1
    if (left > 0) running.set(name, left)
    else running.delete(name)
    serveNext()
  }

  const wait = (name: string) =>
    new Promise<void>((done, failed) => {
      const line = lines.get(name) ?? new Set()
      if (line.size >= rules.waiting) {
        failed(crowded())
        return
      }
      const timer = setTimeout(() => {
        line.delete(waiter)
        if (line.size === 0 && lines.get(name) === line) lines.delete(name)
        failed(crowded())
      }, rules.patience)
      const waiter: Waiter = {
        begin: () => {
          clearTimeout(timer)
          done()
        },
      }
      line.add(waiter)
      lines.set(name, line)
    })

  return async (name, work) => {
    // Whoever comes never overtakes their own line.
    if (mayRun(name) && !lines.has(name)) enter(name)
    else await wait(name)
    try {
      return await work()
    } finally {
      leave(name)
    }
  }
}
