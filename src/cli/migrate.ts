import { Command } from 'commander'
import { migrations } from '../../migrations/index.js'
import { migrate as bringUpToDate } from '../platform/db/migrate.js'
import { openDatabase } from '../platform/db/open.js'
import type { Cli } from './cli.js'

export function migrate(cli: Cli): Command {
  return new Command('migrate')
    .description('Bring the schema of the database up to date. Several may run at once; starting the server does it too.')
    .action(async () => {
      const config = cli.config()
      const database = await openDatabase(config)
      try {
        const ran = await bringUpToDate(database.db, migrations, config.DATABASE_URL)
        cli.print(
          { ran },
          ran.length === 0 ? 'The schema is up to date.' : `Ran ${ran.length} migrations:\n  ${ran.join('\n  ')}`,
        )
      } finally {
        await database.close()
      }
    })
}
