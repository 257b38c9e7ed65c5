import type { ResourceType } from '../contract/attribute-definition.js'
import type { ProfileName } from '../contract/connection.js'
import type { Authority, Journal, RecordedEvent } from '../journal/index.js'
import type { JsonObject } from '../platform/json.js'
import type { PatchPlan } from './patch.js'

/** What becomes known about a call while it is answered, noted for the provisioning log. Noting costs a reference and no more. */

/** A body as the engine read it. */
export type Understood = { readonly type: ResourceType } & ({ readonly document: JsonObject } | { readonly plan: PatchPlan })

/** A change that was committed, with its events. */
export type Committed = { readonly id: string; readonly events: readonly RecordedEvent[] }

export type CallNotes = {
  /** The dialect by which the call is read. */
  readonly profile: ProfileName
  understood: Understood | undefined
  /** The resource as it was before the call. */
  before: JsonObject | undefined
  readonly committed: Committed[]
}

export function openNotes(profile: ProfileName): CallNotes {
  return { profile, understood: undefined, before: undefined, committed: [] }
}

/** The journal, telling what it commits to the notes of the call whose authority it was given. */
export function notingJournal(journal: Journal) {
  const notesOf = new WeakMap<Authority, CallNotes>()

  const change: Journal['change'] = async (by, run) => {
    const notes = notesOf.get(by)
    if (!notes) return journal.change(by, run)
    // Of the attempt that stands: an earlier one was rolled back.
    let last: Committed | undefined
    const result = await journal.change(by, (c) => {
      const events: RecordedEvent[] = []
      last = { id: c.id, events }
      return run({
        ...c,
        record: (event) => {
          events.push(event)
          c.record(event)
        },
      })
    })
    if (last && last.events.length > 0) notes.committed.push(last)
    return result
  }

  return {
    journal: { change } satisfies Journal,
    /** Says whose call an authority is for. */
    noteFor: (by: Authority, notes: CallNotes): Authority => {
      notesOf.set(by, notes)
      return by
    },
  }
}
