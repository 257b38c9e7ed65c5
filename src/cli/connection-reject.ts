import { Command } from 'commander'
import { rejection } from '../contract/connection-settings.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

export function connectionReject(cli: Cli): Command {
  return new Command('reject')
    .description('Refuse what the brake of a connection held; its other changes are accepted again.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .option('--hours <hours>', 'for how long such changes are refused for good (24 by default)')
    .action(async (organization: string, name: string, options: { hours?: string }) => {
      const input = checkInput(rejection, { hours: options.hours === undefined ? undefined : Number(options.hours) })
      const connection = await cli.withApi((api) => api.rejectHeldChange(organization, name, input))
      const told = `Connection "${connection.name}" accepts changes; those the brake holds are refused until ${connection.verdict?.until}.`
      cli.print(connection, told)
    })
}
