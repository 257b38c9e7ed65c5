import { Command } from 'commander'
import type { Cli } from './cli.js'
import { findLogged } from './provisioning-find.js'
import { withProvisioningLog } from './provisioning-reach.js'
import { callText, presentCall } from './provisioning-view.js'

export function provisioningShow(cli: Cli): Command {
  return new Command('show')
    .description('Show one call: what was sent, what was understood, what changed, what was answered.')
    .argument('<id>', 'identifier of the call, as tail prints it')
    .option('--org <organization>', 'short name of the organization, which is then the only one asked')
    .action(async (id: string, options: { org?: string }) => {
      const { call, organization } = await withProvisioningLog(cli, (core) => findLogged(core, id, options.org))
      const view = presentCall(call, organization.slug)
      cli.print(view, callText(view))
    })
}
