import { Command } from 'commander'
import { rotation } from '../contract/token.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

type Options = { overlapHours?: string; expiresAt?: string }

export function tokenRotate(cli: Cli): Command {
  return new Command('rotate')
    .description('Give a token a successor; the old one works on for a while.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .argument('<token>', 'id')
    .option('--overlap-hours <hours>', 'how long the old token works on (168 by default)')
    .option('--expires-at <time>', 'when the new one stops working (never by default)')
    .action(async (organization: string, connection: string, token: string, options: Options) => {
      const overlapHours = options.overlapHours === undefined ? undefined : Number(options.overlapHours)
      const input = checkInput(rotation, { overlapHours, expiresAt: options.expiresAt })
      const issued = await cli.withApi((api) => api.rotateToken(organization, connection, token, input))
      const told = `The token is shown this once. Its id is ${issued.token.id}; the old one works on for ${input.overlapHours} hours.`
      cli.print(issued, `${issued.secret}\n  ${told}`)
    })
}
