import { Command } from 'commander'
import type { Cli } from './cli.js'

export function connectionResume(cli: Cli): Command {
  return new Command('resume')
    .description('Let a paused connection change things again.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .action(async (organization: string, name: string) => {
      const connection = await cli.withApi((api) => api.resumeConnection(organization, name))
      cli.print(connection, `Connection "${connection.name}" accepts changes.`)
    })
}
