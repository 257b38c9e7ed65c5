import { Command } from 'commander'
import { connectionSettings } from '../contract/connection-settings.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'
import { settingsLines } from './connection-view.js'

type Options = {
  requestsPerSecond?: string
  allowFrom?: string[] | true
  brake?: string
  groupPercent?: string
  groupMembers?: string
  directoryPercent?: string
  directoryUsers?: string
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

function readSettings(options: Options): unknown {
  const { requestsPerSecond, allowFrom, brake } = options
  const parts = {
    mode: brake,
    groupPercent: numberOf(options.groupPercent),
    groupMembers: numberOf(options.groupMembers),
    directoryPercent: numberOf(options.directoryPercent),
    directoryUsers: numberOf(options.directoryUsers),
  }
  return {
    ...(requestsPerSecond !== undefined && {
      requestsPerSecond: requestsPerSecond === 'default' ? null : Number(requestsPerSecond),
    }),
    ...(allowFrom !== undefined && { allowedFrom: allowFrom === true ? [] : allowFrom.filter((range) => range !== 'anywhere') }),
    brake: Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  }
}

export function connectionConfigure(cli: Cli): Command {
  return new Command('configure')
    .description('Set how much a connection may ask for, from where, and when its brake holds; without options, show it.')
    .argument('<organization>', 'its short name')
    .argument('<connection>', 'name or id')
    .option('--requests-per-second <number>', 'requests that are answered, 25 at least; "default" takes SCIM_REQUESTS_PER_SECOND')
    .option('--allow-from <ranges...>', 'addresses or CIDR ranges that may call, e.g. 192.0.2.0/24; "anywhere" allows all')
    .option('--brake <on-or-off>', 'whether the brake holds anything')
    .option('--group-percent <percent>', 'a change that takes more of the members of a group away is held …')
    .option('--group-members <number>', '… where it is at least so many')
    .option('--directory-percent <percent>', 'a change after which more of the active users left within an hour is held …')
    .option('--directory-users <number>', '… where it is at least so many')
    .action(async (organization: string, name: string, options: Options) => {
      const input = checkInput(connectionSettings, readSettings(options))
      const connection = await cli.withApi((api) => api.configureConnection(organization, name, input))
      cli.print(connection, settingsLines(connection).join('\n'))
    })
}
