import { Command } from 'commander'
import type { Cli } from './cli.js'
import { table } from './table.js'

export function resourceTypeList(cli: Cli): Command {
  return new Command('list')
    .description('List the resource types that an organization declares.')
    .requiredOption('--org <organization>', 'short name of the organization')
    .action(async ({ org }: { org: string }) => {
      const list = await cli.withApi((api) => api.listResourceTypes(org))
      const rows = list.items.map(({ name, endpoint, schema, extensions }) => [
        name,
        endpoint,
        schema.urn,
        extensions.map(({ urn }) => urn).join(' '),
      ])
      cli.print(list, table(['name', 'endpoint', 'schema', 'extensions'], rows, 'The organization declares no resource type.'))
    })
}
