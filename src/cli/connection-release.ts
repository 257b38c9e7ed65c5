import { Command } from 'commander'
import { release } from '../contract/connection-settings.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

export function connectionRelease(cli: Cli): Command {
  return new Command('release')
    .description('Let through what the brake of a connection holds; also ahead of a large removal that is meant.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .option('--hours <hours>', 'for how long the brake holds nothing (1 by default)')
    .action(async (organization: string, name: string, options: { hours?: string }) => {
      const input = checkInput(release, { hours: options.hours === undefined ? undefined : Number(options.hours) })
      const connection = await cli.withApi((api) => api.releaseConnection(organization, name, input))
      cli.print(connection, `Connection "${connection.name}" accepts every change until ${connection.verdict?.until}.`)
    })
}
