import { Command } from 'commander'
import type { Cli } from './cli.js'

export function resourceTypeRemove(cli: Cli): Command {
  return new Command('remove')
    .description('Remove a resource type that has no resources.')
    .argument('<name>', 'name of the type')
    .requiredOption('--org <organization>', 'short name of the organization')
    .action(async (name: string, { org }: { org: string }) => {
      const type = await cli.withApi((api) => api.removeResourceType(org, name))
      cli.print(type, `"${org}" no longer has the resource type ${type.name}.`)
    })
}
