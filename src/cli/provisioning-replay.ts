import { Command } from 'commander'
import { invalid } from '../platform/errors.js'
import { createLogger } from '../platform/log.js'
import { replayCall } from '../scim/provision-log-replay.js'
import type { Cli } from './cli.js'
import { findLogged } from './provisioning-find.js'
import { withProvisioningLog } from './provisioning-reach.js'
import { presentReplay, replayText } from './provisioning-view.js'

export function provisioningReplay(cli: Cli): Command {
  return new Command('replay')
    .description('Try out what a logged write would do today, in a transaction that is always undone.')
    .argument('<id>', 'identifier of the call, as tail prints it')
    .option('--dry-run', 'needed: there is no other way to replay')
    .option('--org <organization>', 'short name of the organization, which is then the only one asked')
    .action(async (id: string, options: { dryRun?: true; org?: string }) => {
      if (!options.dryRun) throw invalid('input_invalid', 'A call is replayed with --dry-run only: nothing is changed for good.')
      const log = createLogger('silent')
      const replayed = await withProvisioningLog(cli, async (core) => {
        const { organization, call } = await findLogged(core, id, options.org)
        return replayCall({ ...core, log }, organization, call)
      })
      const view = presentReplay(replayed)
      cli.print(view, replayText(view))
    })
}
