import { Command } from 'commander'
import type { Cli } from './cli.js'
import { table } from './table.js'

export function tokenList(cli: Cli): Command {
  return new Command('list')
    .description('List the tokens of a connection, the dead included.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .action(async (organization: string, connection: string) => {
      const list = await cli.withApi((api) => api.listTokens(organization, connection))
      const rows = list.items.map((token) => [
        token.name,
        token.hint,
        token.state,
        token.lastUsedAt ?? 'never',
        `${token.expiresAt ?? 'never'}${token.daysLeft === null ? '' : ` (${token.daysLeft} days left)`}`,
        token.scopes.join(' '),
        token.id,
      ])
      const heading = ['name', 'token', 'state', 'last used', 'expires', 'scopes', 'id']
      cli.print(list, table(heading, rows, 'The connection has no token yet.'))
    })
}
