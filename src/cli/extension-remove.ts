import { Command } from 'commander'
import type { Cli } from './cli.js'
import { differenceLines } from './difference-view.js'

export function extensionRemove(cli: Cli): Command {
  return new Command('remove')
    .description('Take an extension from users, groups or a declared type.')
    .argument('<organization>', 'its short name')
    .argument('<resource-type>', 'User, Group, or the name of a declared type')
    .argument('<urn>', 'URN of the extension')
    .option('--accept-loss', 'take it away although resources hold data under it')
    .action(async (organization: string, resourceType: string, urn: string, options: { acceptLoss?: true }) => {
      const onLoss = options.acceptLoss ? 'accept' : 'refuse'
      const removed = await cli.withApi((api) => api.removeExtension(organization, { resourceType, urn }, onLoss))
      const told = `${resourceType}s of "${organization}" no longer have ${urn}.`
      cli.print(removed, [told, ...differenceLines(removed.differences)].join('\n'))
    })
}
