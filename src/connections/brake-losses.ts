import type { RecordedEvent } from '../journal/index.js'
import { firstIdAt } from '../platform/ids.js'

/** What a change takes away, read from its own events, and when that is too much. Pure. */

export type Losses = {
  /** Users who were active when the change began and are not any more. */
  readonly left: readonly string[]
  /** Users who no longer count as having left: switched on again, or come and gone within the window. */
  readonly cleared: readonly string[]
  readonly groups: readonly GroupLoss[]
}

export type GroupLoss = { readonly id: string; readonly name: string; readonly lost: number }

/** `lost` of `of` are more than `percent` % of a group's members or of the directory's users. */
export type Wipe = {
  readonly of: { readonly type: 'group'; readonly id: string; readonly name: string } | { readonly type: 'directory' }
  readonly lost: number
  readonly total: number
  readonly percent: number
}

function membersLost(events: readonly RecordedEvent[], since: string): GroupLoss[] {
  const lost = new Map<string, { name: string; ids: Set<unknown>; whole: number }>()
  for (const { event, target, list, changed } of events) {
    if (target.type !== 'group') continue
    const group = lost.get(target.id) ?? { name: target.name ?? '', ids: new Set(), whole: 0 }
    lost.set(target.id, group)
    for (const id of list?.removed ?? []) group.ids.add(id)
    for (const id of list?.added ?? []) group.ids.delete(id)
    // A group that came within the window is given up, not emptied.
    if (event === 'group.deleted' && target.id < since) group.whole = Number(changed?.members?.before ?? 0)
  }
  return [...lost].map(([id, { name, ids, whole }]) => ({ id, name, lost: Math.max(ids.size, whole) }))
}

/** Losses of a change; the window begins at `since`. */
export function lossesOf(events: readonly RecordedEvent[], since: Date): Losses {
  const first = firstIdAt(since)
  const users = new Map<string, 'left' | 'cleared' | 'as before'>()
  for (const { event, target, changed } of events) {
    if (event === 'user.deactivated') users.set(target.id, 'left')
    if (event === 'user.reactivated') users.set(target.id, 'cleared')
    if (event !== 'user.deleted') continue
    // Whoever came within the window and is deleted was never established: a provider's connection test, a correction.
    if (target.id >= first) users.set(target.id, 'cleared')
    else if (changed?.active?.before === true) users.set(target.id, 'left')
  }
  const having = (state: string) => [...users].flatMap(([id, found]) => (found === state ? [id] : []))
  return {
    left: having('left'),
    cleared: having('cleared'),
    groups: membersLost(events, first).filter((group) => group.lost > 0),
  }
}

/** How many must be left of a whole so that `lost` are not more than `percent` % of it. */
export function keptAtLeast(lost: number, percent: number): number {
  return Math.ceil((lost * (100 - percent)) / percent)
}

/** The wipe as a sentence for the admin of the identity provider. */
export function describeWipe({ of, lost, total, percent }: Wipe): string {
  return of.type === 'group'
    ? `The change would take ${lost} of ${total} members of the group "${of.name}" away, more than ${percent} % at once.`
    : `With this change ${lost} of ${total} active users would have left within an hour, more than ${percent} %.`
}
