import { Command } from 'commander'
import { listOperatorTokens } from '../credentials/index.js'
import type { Cli } from './cli.js'
import { presentOperatorToken } from './operator-token-view.js'
import { table } from './table.js'

export function operatorTokenList(cli: Cli): Command {
  return new Command('list').description('List operator tokens. Works on the database itself.').action(async () => {
    const tokens = await cli.withCore((core) => listOperatorTokens(core.db))
    const items = tokens.map(presentOperatorToken)
    const rows = items.map((token) => [token.name, token.hint, token.state, token.lastUsedAt ?? 'never', token.id])
    cli.print({ items }, table(['name', 'token', 'state', 'last used', 'id'], rows, 'There is no operator token yet.'))
  })
}
