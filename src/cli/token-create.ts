import { Command } from 'commander'
import { newToken, tokenScopes } from '../contract/token.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

type Options = { name?: string; scope?: string[]; expiresAt?: string; user?: string }

export function tokenCreate(cli: Cli): Command {
  return new Command('create')
    .description('Make a bearer token of a connection. Two may live at a time.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .option('--name <name>', 'name for people')
    .option('--scope <scopes...>', `what the token may do: ${tokenScopes.join(', ')} (everything by default)`)
    .option('--expires-at <time>', 'when it stops working, e.g. 2027-01-31T00:00:00Z (never by default)')
    .option('--user <user>', 'id or userName of a user it stands for, whom /Me then means (nobody by default)')
    .action(async (organization: string, connection: string, options: Options) => {
      const { name, scope: scopes, expiresAt, user } = options
      const input = checkInput(newToken, { name, scopes, expiresAt, user })
      const issued = await cli.withApi((api) => api.createToken(organization, connection, input))
      cli.print(issued, `${issued.secret}\n  The token is shown this once. Its id is ${issued.token.id}.`)
    })
}
