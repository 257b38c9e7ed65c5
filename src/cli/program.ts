import { Command } from 'commander'
import type { Config } from '../platform/config.js'
import { printable } from '../platform/printable.js'
import type { Cli } from './cli.js'
import { clientCreate } from './client-create.js'
import { clientList } from './client-list.js'
import { clientRevoke } from './client-revoke.js'
import { connectionConfigure } from './connection-configure.js'
import { connectionCreate } from './connection-create.js'
import { connectionList } from './connection-list.js'
import { connectionPause } from './connection-pause.js'
import { connectionReject } from './connection-reject.js'
import { connectionRelease } from './connection-release.js'
import { connectionResume } from './connection-resume.js'
import { doctor } from './doctor.js'
import { extensionDefine } from './extension-define.js'
import { extensionList } from './extension-list.js'
import { extensionRemove } from './extension-remove.js'
import { explainFailure } from './failure.js'
import { migrate } from './migrate.js'
import { openapi } from './openapi.js'
import { operatorTokenCreate } from './operator-token-create.js'
import { operatorTokenList } from './operator-token-list.js'
import { operatorTokenRevoke } from './operator-token-revoke.js'
import { orgCreate } from './org-create.js'
import { orgList } from './org-list.js'
import { provisioningReplay } from './provisioning-replay.js'
import { provisioningShow } from './provisioning-show.js'
import { provisioningTail } from './provisioning-tail.js'
import { withApi, withCore } from './reach.js'
import { resourceTypeDefine } from './resource-type-define.js'
import { resourceTypeList } from './resource-type-list.js'
import { resourceTypeRemove } from './resource-type-remove.js'
import { resourceTypeShow } from './resource-type-show.js'
import { start } from './start.js'
import { tokenCreate } from './token-create.js'
import { tokenList } from './token-list.js'
import { tokenRevoke } from './token-revoke.js'
import { tokenRotate } from './token-rotate.js'

/** The command line: what there is to say, and how it is said. */

export type Terminal = {
  readonly config: () => Config
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

type Entry = (cli: Cli) => Command

const groups: readonly (readonly [name: string, description: string, entries: readonly Entry[]])[] = [
  ['org', 'Organizations.', [orgCreate, orgList]],
  [
    'connection',
    'Connections to identity providers.',
    [
      connectionCreate,
      connectionList,
      connectionConfigure,
      connectionPause,
      connectionResume,
      connectionRelease,
      connectionReject,
    ],
  ],
  ['client', 'OAuth 2.0 clients of connections.', [clientCreate, clientList, clientRevoke]],
  ['token', 'Bearer tokens of connections.', [tokenCreate, tokenList, tokenRotate, tokenRevoke]],
  ['extension', "An organization's own attributes.", [extensionDefine, extensionList, extensionRemove]],
  [
    'resource-type',
    'Resource types that an organization declares.',
    [resourceTypeDefine, resourceTypeList, resourceTypeShow, resourceTypeRemove],
  ],
  [
    'provisioning',
    'What identity providers sent, and what came of it.',
    [provisioningTail, provisioningShow, provisioningReplay],
  ],
  ['operator-token', 'Tokens of whoever runs the installation.', [operatorTokenCreate, operatorTokenList, operatorTokenRevoke]],
]

function program(terminal: Terminal): Command {
  const root = new Command('gatehouse').description('Runs and manages a Gatehouse server.').option('--json', 'answer in JSON')
  const json = () => root.opts().json === true
  const cli: Cli = {
    config: terminal.config,
    json,
    print: (result, text) => {
      const lines = json() ? [JSON.stringify(result)] : text.split('\n')
      terminal.out(`${lines.map(printable).join('\n')}\n`)
    },
    withApi: (work) => withApi(terminal.config(), work),
    withCore: (work) => withCore(terminal.config(), work),
  }
  for (const entry of [start, migrate, doctor, openapi]) root.addCommand(entry(cli))
  for (const [name, description, entries] of groups) {
    const group = new Command(name).description(description)
    for (const entry of entries) group.addCommand(entry(cli))
    root.addCommand(group)
  }
  return root
}

function tame(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
  for (const inner of command.commands) tame(inner, terminal)
}

/** Runs one command line (without the program's name); returns the exit code. A failure is one line on `err`. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const root = program(terminal)
  tame(root, terminal)
  try {
    await root.parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    const { text, exitCode } = explainFailure(error)
    if (text) terminal.err(`${text}\n`)
    return exitCode
  }
}
