import { Command } from 'commander'
import type { Cli } from './cli.js'

export function connectionPause(cli: Cli): Command {
  return new Command('pause')
    .description('Put off all changes of a connection; nothing it gave is removed.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .action(async (organization: string, name: string) => {
      const connection = await cli.withApi((api) => api.pauseConnection(organization, name))
      cli.print(connection, `Connection "${connection.name}" is paused: reads are answered, changes wait.`)
    })
}
