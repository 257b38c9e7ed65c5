import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { z } from 'zod'
import type { Core } from '../app.js'
import { findConnection, type LoggedLine, newestCalls } from '../connections/index.js'
import type { Organization } from '../directory/index.js'
import { checkInput } from '../http/validate.js'
import { invalid, notFound } from '../platform/errors.js'
import { firstIdAt } from '../platform/ids.js'
import type { Cli } from './cli.js'
import { organizationsNamed, portions, withProvisioningLog } from './provisioning-reach.js'
import { lineText, presentLine } from './provisioning-view.js'

type Options = { org?: string; connection?: string; errors?: true; follow?: true; lines: string }

const input = z.object({ lines: z.coerce.number().int().min(0).max(10_000) })

const everyMs = 1000
/** Processes write in batches, so a line can appear after one of a later id: so long is looked back for it. */
const lateByMs = 15_000
const mostAtOnce = 1000
/** Greater than any id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const unknownSkewMs = 60 * 60 * 1000

export function provisioningTail(cli: Cli): Command {
  return new Command('tail')
    .description('List the newest calls of identity providers, one a line.')
    .option('--org <organization>', 'short name of the organization (all by default)')
    .option('--connection <connection>', 'name or id of one of its connections')
    .option('--errors', 'only what failed or was refused')
    .option('-n, --lines <count>', 'how many to begin with', '20')
    .option('-f, --follow', 'go on with new ones until stopped')
    .action(async (options: Options) => {
      const { lines } = checkInput(input, options)
      if (options.connection !== undefined && options.org === undefined) {
        throw invalid('input_invalid', 'A connection is one of an organization: name that with --org.')
      }
      await withProvisioningLog(cli, (core) => tail(cli, core, options, lines))
    })
}

async function tail(cli: Cli, core: Core, options: Options, count: number): Promise<void> {
  const organizations = await organizationsNamed(core, options.org)
  const connectionId = await connectionOf(core, organizations, options.connection)
  const read = (of: readonly Organization[], limit: number, from?: string) =>
    newestOf(core, of, { connectionId, only: options.errors && 'failures', from, limit })
  const print = (of: readonly Organization[], calls: readonly LoggedLine[]) => {
    for (const call of calls) {
      const slug = of.find(({ orgId }) => orgId === call.orgId)?.slug ?? call.orgId
      const view = presentLine(call, slug)
      cli.print(view, lineText(view))
    }
  }
  const first = count === 0 ? [] : await read(organizations, count)
  if (first.length === 0 && !options.follow && !cli.json()) cli.print({}, 'There is no such call in the log.')
  print(organizations, first)
  if (!options.follow) return
  // By the clocks of the servers, which made the ids, and not by that of this machine.
  let latest = first.at(-1)?.at ?? new Date(core.clock().getTime() - unknownSkewMs)
  const begin = first[0]?.id ?? (count === 0 ? lastId : '')
  let isKnown = (id: string): boolean => id < begin || first.some((call) => call.id === id)
  for (;;) {
    const of = options.org === undefined ? await organizationsNamed(core, undefined) : organizations
    const recent = await read(of, mostAtOnce, firstIdAt(new Date(latest.getTime() - lateByMs)))
    const unknown = recent.filter(({ id }) => !isKnown(id))
    print(of, unknown)
    const seen = new Set(recent.map(({ id }) => id))
    isKnown = (id) => seen.has(id)
    latest = recent.at(-1)?.at ?? latest
    await sleep(everyMs)
  }
}

async function connectionOf(
  core: Core,
  [organization]: readonly Organization[],
  name: string | undefined,
): Promise<string | undefined> {
  if (name === undefined || !organization) return undefined
  const found = await findConnection(core.db, organization.orgId, name)
  if (!found) throw notFound('connection_not_found', `The organization "${organization.slug}" has no connection "${name}".`)
  return found.id
}

/** The newest calls of all these organizations, the oldest of them first. */
async function newestOf(
  { db }: Core,
  organizations: readonly Organization[],
  query: Parameters<typeof newestCalls>[2],
): Promise<LoggedLine[]> {
  const found: LoggedLine[] = []
  for (const some of portions(organizations)) {
    found.push(
      ...(await newestCalls(
        db,
        some.map(({ orgId }) => orgId),
        query,
      )),
    )
  }
  return found
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, query.limit)
    .reverse()
}
