import { Command } from 'commander'
import { newOperatorToken } from '../contract/operator-token.js'
import { createOperatorToken } from '../credentials/index.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'
import { changeInstallation } from './installation.js'
import { presentOperatorToken } from './operator-token-view.js'

export function operatorTokenCreate(cli: Cli): Command {
  return new Command('create')
    .description('Make an operator token. Works on the database itself.')
    .argument('<name>', 'name for people')
    .option('--expires-at <time>', 'when it stops working, e.g. 2027-01-31T00:00:00Z (never by default)')
    .action(async (name: string, options: { expiresAt?: string }) => {
      const input = checkInput(newOperatorToken, { name, expiresAt: options.expiresAt })
      const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt)
      const { secret, token } = await cli.withCore((core) =>
        changeInstallation(core, 'cli', (c) => createOperatorToken(c, { name: input.name, expiresAt })),
      )
      cli.print(
        { secret, token: presentOperatorToken(token) },
        `${secret}\n  The token is shown this once. Its id is ${token.id}.`,
      )
    })
}
