import { Command } from 'commander'
import { newResourceType } from '../contract/resource-type.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'
import { readDefinition } from './definition-file.js'
import { differenceLines } from './difference-view.js'

export function resourceTypeDefine(cli: Cli): Command {
  return new Command('define')
    .description('Declare a resource type, or change the one of that name. Tells what is different, and what would break.')
    .argument('<file>', 'definition in YAML or JSON; - reads it from standard input')
    .requiredOption('--org <organization>', 'short name of the organization')
    .option('--accept-loss', 'change it although resources hold data that no longer fits')
    .action(async (file: string, options: { org: string; acceptLoss?: true }) => {
      const input = checkInput(newResourceType, readDefinition(file))
      const onLoss = options.acceptLoss ? 'accept' : 'refuse'
      const defined = await cli.withApi((api) => api.defineResourceType(options.org, input, onLoss))
      const { name, endpoint } = defined.resourceType
      const told = `"${options.org}" has the resource type ${name} at ${endpoint}.`
      cli.print(defined, [told, ...differenceLines(defined.differences)].join('\n'))
    })
}
