import { Command } from 'commander'
import { stringify } from 'yaml'
import type { Cli } from './cli.js'

export function resourceTypeShow(cli: Cli): Command {
  return new Command('show')
    .description('Show a resource type as a file that defines it.')
    .argument('<name>', 'name of the type')
    .requiredOption('--org <organization>', 'short name of the organization')
    .action(async (name: string, { org }: { org: string }) => {
      const type = await cli.withApi((api) => api.showResourceType(org, name))
      cli.print(type, stringify(type).trimEnd())
    })
}
