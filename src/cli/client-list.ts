import { Command } from 'commander'
import type { Cli } from './cli.js'
import { table } from './table.js'

export function clientList(cli: Cli): Command {
  return new Command('list')
    .description('List the OAuth 2.0 clients of a connection, the revoked included.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .action(async (organization: string, connection: string) => {
      const list = await cli.withApi((api) => api.listClients(organization, connection))
      const rows = list.items.map(({ name, hint, state, lastUsedAt, scopes, id }) => [
        name,
        hint,
        state,
        lastUsedAt ?? 'never',
        scopes.join(' '),
        id,
      ])
      cli.print(
        list,
        table(['name', 'secret', 'state', 'last used', 'scopes', 'client id'], rows, 'The connection has no client yet.'),
      )
    })
}
