import { Command } from 'commander'
import { schemaExtension } from '../contract/schema-extension.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'
import { readDefinition } from './definition-file.js'
import { differenceLines } from './difference-view.js'

export function extensionDefine(cli: Cli): Command {
  return new Command('define')
    .description('Give users, groups or resources of a declared type attributes of their own, or change those they have.')
    .argument('<organization>', 'its short name')
    .argument('<file>', 'definition in YAML or JSON; - reads it from standard input')
    .option('--accept-loss', 'change it although resources hold data that no longer fits')
    .action(async (organization: string, file: string, options: { acceptLoss?: true }) => {
      const input = checkInput(schemaExtension, readDefinition(file))
      const onLoss = options.acceptLoss ? 'accept' : 'refuse'
      const defined = await cli.withApi((api) => api.defineExtension(organization, input, onLoss))
      const { resourceType, urn, attributes } = defined.extension
      const told = `${resourceType}s of "${organization}" have ${urn} with ${attributes.map(({ name }) => name).join(', ')}.`
      cli.print(defined, [told, ...differenceLines(defined.differences)].join('\n'))
    })
}
