import { Command } from 'commander'
import { revokeOperatorToken } from '../credentials/index.js'
import type { Cli } from './cli.js'
import { changeInstallation } from './installation.js'
import { presentOperatorToken } from './operator-token-view.js'

export function operatorTokenRevoke(cli: Cli): Command {
  return new Command('revoke')
    .description('End an operator token at once. Works on the database itself.')
    .argument('<token>', 'id')
    .action(async (id: string) => {
      const token = await cli.withCore((core) => changeInstallation(core, 'cli', (c) => revokeOperatorToken(c, id)))
      cli.print(presentOperatorToken(token), `Operator token "${token.name}" (${token.hint}) is revoked.`)
    })
}
