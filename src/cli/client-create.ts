import { Command } from 'commander'
import { newClient } from '../contract/client.js'
import { tokenScopes } from '../contract/token.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

export function clientCreate(cli: Cli): Command {
  return new Command('create')
    .description('Make an OAuth 2.0 client of a connection, for client credentials. Two may live at a time.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .option('--name <name>', 'name for people')
    .option('--scope <scopes...>', `what its access tokens may do: ${tokenScopes.join(', ')} (everything by default)`)
    .action(async (organization: string, connection: string, options: { name?: string; scope?: string[] }) => {
      const input = checkInput(newClient, { name: options.name, scopes: options.scope })
      const issued = await cli.withApi((api) => api.createClient(organization, connection, input))
      const told = [
        `  token URL      ${issued.tokenUrl}`,
        `  client id      ${issued.client.id}`,
        `  client secret  ${issued.secret}`,
        '  The secret is shown this once.',
      ]
      cli.print(issued, told.join('\n'))
    })
}
