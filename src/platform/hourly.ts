import type { Logger } from './log.js'

/** Work that every process does once an hour, the first time a minute after its start. */

const everyMs = 60 * 60 * 1000
const firstAfterMs = 60 * 1000

/** @param failing what the log says where `work` fails; `stop` waits for a round in flight */
export function startHourly(work: () => Promise<unknown>, deps: { log: Logger; failing: string }): { stop: () => Promise<void> } {
  let round: Promise<unknown> = Promise.resolve()
  const run = () => {
    round = work().catch((error: unknown) => deps.log.warn({ err: error }, deps.failing))
  }
  const first = setTimeout(run, firstAfterMs).unref()
  const hourly = setInterval(run, everyMs).unref()
  return {
    stop: async () => {
      clearTimeout(first)
      clearInterval(hourly)
      await round
    },
  }
}
