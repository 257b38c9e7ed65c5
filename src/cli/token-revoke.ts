import { Command } from 'commander'
import type { Cli } from './cli.js'

export function tokenRevoke(cli: Cli): Command {
  return new Command('revoke')
    .description('End a token at once.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .argument('<token>', 'id')
    .action(async (organization: string, connection: string, id: string) => {
      const token = await cli.withApi((api) => api.revokeToken(organization, connection, id))
      cli.print(token, `Token "${token.name}" (${token.hint}) is revoked.`)
    })
}
