import { Command } from 'commander'
import { newConnection, profileNames } from '../contract/connection.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

export function connectionCreate(cli: Cli): Command {
  return new Command('create')
    .description('Set up a SCIM connection of an organization.')
    .argument('<organization>', 'its short name')
    .argument('<name>', 'name for people, unique in the organization')
    .option('--profile <profile>', `dialect of the identity provider: ${profileNames.join(', ')}`, 'generic')
    .action(async (organization: string, name: string, options: { profile: string }) => {
      const input = checkInput(newConnection, { name, profile: options.profile })
      const connection = await cli.withApi((api) => api.createConnection(organization, input))
      const next = `Make a token for it: gatehouse token create ${organization} ${connection.id}`
      cli.print(connection, `Connection "${connection.name}" is set up at ${connection.scimBaseUrl}\n  ${next}`)
    })
}
