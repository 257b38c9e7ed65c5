import { Command } from 'commander'
import type { Cli } from './cli.js'
import { table } from './table.js'

export function extensionList(cli: Cli): Command {
  return new Command('list')
    .description('List the extension schemas of an organization.')
    .argument('<organization>', 'its short name')
    .action(async (organization: string) => {
      const list = await cli.withApi((api) => api.listExtensions(organization))
      const rows = list.items.map(({ resourceType, urn, name, attributes }) => [
        resourceType,
        urn,
        name,
        attributes.map((attribute) => attribute.name).join(' '),
      ])
      cli.print(list, table(['of', 'urn', 'name', 'attributes'], rows, 'The organization has no extension yet.'))
    })
}
