import { Command } from 'commander'
import type { Cli } from './cli.js'
import { table } from './table.js'

export function connectionList(cli: Cli): Command {
  return new Command('list')
    .description('List the connections of an organization.')
    .argument('<organization>', 'its short name')
    .action(async (organization: string) => {
      const list = await cli.withApi((api) => api.listConnections(organization))
      const rows = list.items.map(({ name, profile, status, pause, id }) => [
        name,
        profile,
        pause?.by === 'brake' ? `${status} by its brake` : status,
        id,
      ])
      const held = list.items.flatMap(({ name, pause }) => (pause?.reason ? [`${name}: ${pause.reason}`] : []))
      const listed = table(['name', 'profile', 'status', 'id'], rows, 'The organization has no connection yet.')
      cli.print(list, [listed, ...held].join('\n'))
    })
}
