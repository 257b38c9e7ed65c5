import { Command } from 'commander'
import type { Cli } from './cli.js'
import { type Finding, findings } from './findings.js'

const marks: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warning: 'warn', fault: 'FAIL' }

export function doctor(cli: Cli): Command {
  return new Command('doctor')
    .description('Check the installation: settings, database, schema, clocks, disk, Node.js.')
    .action(async () => {
      const checks = await findings(cli.config)
      const faults = checks.filter((check) => check.state === 'fault').length
      const lines = checks.map(({ state, check, detail }) => `${marks[state]}  ${check.padEnd(10)}  ${detail}`)
      cli.print({ healthy: faults === 0, checks }, lines.join('\n'))
      if (faults > 0) throw new Error(`${faults} ${faults === 1 ? 'check' : 'checks'} failed.`)
    })
}
