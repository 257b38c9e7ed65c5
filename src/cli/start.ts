import { Command } from 'commander'
import { createLogger } from '../platform/log.js'
import type { Cli } from './cli.js'
import { runServer } from './run-server.js'
import { startLine, startPage } from './start-page.js'

const signals = ['SIGTERM', 'SIGINT'] as const

function untilSignal(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of signals) {
      // The second signal finds no handler and ends the process at once.
      process.once(signal, () => {
        for (const other of signals) process.removeAllListeners(other)
        stop()
      })
    }
  })
}

export function start(cli: Cli): Command {
  return new Command('start').description('Run the server.').action(async () => {
    const config = cli.config()
    const signalled = untilSignal()
    // Standard output carries the page or the line alone.
    const log = createLogger(config.LOG_LEVEL, process.stderr)
    const server = await runServer(config, log)
    process.stdout.write(`${cli.json() ? startLine(server) : startPage(server)}\n`)
    await signalled
    log.info('stopping')
    await server.stop()
  })
}
