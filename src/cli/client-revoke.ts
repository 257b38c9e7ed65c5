import { Command } from 'commander'
import type { Cli } from './cli.js'

export function clientRevoke(cli: Cli): Command {
  return new Command('revoke')
    .description('End an OAuth 2.0 client and its access tokens at once.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .argument('<client>', 'client id')
    .action(async (organization: string, connection: string, id: string) => {
      const client = await cli.withApi((api) => api.revokeClient(organization, connection, id))
      cli.print(client, `Client "${client.name}" (${client.id}) is revoked, and its access tokens with it.`)
    })
}
