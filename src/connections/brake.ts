import { authorizeOperator } from '../access/index.js'
import { countActiveUsers, countKeptMembers } from '../directory/index.js'
import type { Authority, Change, Journal, RecordedEvent } from '../journal/index.js'
import { type AppError, forbidden, unavailable } from '../platform/errors.js'
import { describeWipe, keptAtLeast, type Losses, lossesOf, type Wipe } from './brake-losses.js'
import { type BrakeRules, brakeStore } from './brake-store.js'
import { connectionStore } from './connection-store.js'
import { targetOf } from './connections.js'

/**
 * The brake of a connection: a change that would empty a group, or the directory within an hour, is rolled back before it commits and
 * the connection paused until an administrator decides. It counts inside the change itself, after everything else the change did, so
 * several changes at once cannot each stay below a threshold that they cross together.
 */

const windowMs = 3_600_000

/** Seconds after which a client of a braked connection should come again. */
const retryAfter = 300

async function emptiedGroup(
  c: Change,
  connectionId: string,
  losses: Losses,
  { settings }: BrakeRules,
): Promise<Wipe | undefined> {
  const { groupPercent: percent, groupMembers } = settings
  for (const { id, name, lost } of losses.groups) {
    if (lost < groupMembers) continue
    const wanted = keptAtLeast(lost, percent)
    const kept = await countKeptMembers(c, { orgId: c.orgId, connectionId }, id, wanted)
    if (kept < wanted) return { of: { type: 'group', id, name }, lost, total: lost + kept, percent }
  }
  return undefined
}

async function emptiedDirectory(
  c: Change,
  connectionId: string,
  losses: Losses,
  { settings }: BrakeRules,
): Promise<Wipe | undefined> {
  const { left, cleared } = losses
  if (left.length + cleared.length === 0) return undefined
  const store = brakeStore(c.trx)
  await store.lockDepartures(connectionId)
  const lost = await store.noteDepartures(c.orgId, connectionId, losses)
  const { directoryPercent: percent, directoryUsers } = settings
  if (left.length === 0 || lost < directoryUsers) return undefined
  const wanted = keptAtLeast(lost, percent)
  const kept = await countActiveUsers(c, { orgId: c.orgId, connectionId }, wanted)
  return kept < wanted ? { of: { type: 'directory' }, lost, total: lost + kept, percent } : undefined
}

type Held = { readonly wipe: Wipe; readonly rules: BrakeRules }

/** What the change so far would take away, where that is too much. */
async function holding(c: Change, connectionId: string, events: readonly RecordedEvent[]): Promise<Held | undefined> {
  const losses = lossesOf(events, new Date(c.now.getTime() - windowMs))
  // One member at a time is how providers work through a list; no threshold is as low as that.
  if (losses.left.length + losses.cleared.length === 0 && losses.groups.every((group) => group.lost < 2)) return undefined
  const rules = await brakeStore(c.trx).rules(c.orgId, connectionId)
  if (rules.settings.mode === 'off' || rules.verdict === 'released') return undefined
  const wipe = (await emptiedGroup(c, connectionId, losses, rules)) ?? (await emptiedDirectory(c, connectionId, losses, rules))
  return wipe && { wipe, rules }
}

function refusal({ wipe, rules }: Held): AppError {
  const told = describeWipe(wipe)
  if (rules.verdict === 'rejected') {
    return forbidden(
      'wipe_rejected',
      `${told} An administrator rejected this; nothing was changed. Correct what the identity provider sends.`,
    )
  }
  const next = `Nothing was changed, and the connection "${rules.name}" is paused until an administrator releases the change or rejects it.`
  return unavailable('connection_braked', `${told} ${next}`, { retryAfter })
}

/** Pauses the connection, unless somebody did already. */
async function pause(journal: Journal, by: Authority, connectionId: string, wipe: Wipe): Promise<void> {
  const operator = { actor: { type: 'system', id: 'brake' }, door: 'system', requestId: by.requestId } as const
  await journal.change(authorizeOperator(operator, by.orgId), async (c) => {
    const store = connectionStore(c.trx)
    const connection = await store.lock(c.orgId, connectionId)
    if (!connection || connection.status === 'paused') return
    await store.setPause(c.orgId, connectionId, { by: 'brake', reason: describeWipe(wipe) }, c.now)
    c.record({
      event: 'connection.braked',
      target: targetOf(connection),
      changed: { status: { before: 'active', after: 'paused' }, wipe: { after: { ...wipe, of: { ...wipe.of } } } },
    })
  })
}

/** The journal for what connections assert: their changes pass the brake. @throws AppError unavailable `connection_braked`, forbidden `wipe_rejected` */
export function brakedJournal(journal: Journal): Journal {
  return {
    change: async (by, run) => {
      const { connectionId } = by
      if (connectionId === undefined) return journal.change(by, run)
      let held: Held | undefined
      try {
        return await journal.change(by, async (c) => {
          held = undefined
          const events: RecordedEvent[] = []
          const record = (event: RecordedEvent) => {
            events.push(event)
            c.record(event)
          }
          const result = await run({ ...c, record })
          held = await holding(c, connectionId, events)
          if (held) throw refusal(held)
          return result
        })
      } catch (error) {
        if (held && held.rules.verdict === null) await pause(journal, by, connectionId, held.wipe)
        throw error
      }
    },
  }
}
