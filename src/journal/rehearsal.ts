import { type Knex, withoutPool } from '../platform/db/open.js'
import type { Journal, JournalDeps } from './change.js'

/**
 * Changes tried out: a journal inside a transaction that never commits. Rows change and constraints hold as they would, later changes
 * see earlier ones, and at the end nothing of it was; events are recorded by nobody, so no counter is taken.
 */

export type RehearsalDeps = Pick<JournalDeps, 'db' | 'clock' | 'newId' | 'explainConstraint'>

/** Where a rehearsal takes place: everything is to be read and changed by these two. */
export type Stage = { readonly db: Knex; readonly journal: Journal }

/** Runs `work` and undoes it, whatever came of it; returns what it returned. */
export async function rehearse<T>(deps: RehearsalDeps, work: (stage: Stage) => Promise<T>): Promise<T> {
  const curtain = new Error('a rehearsal is over')
  const results: T[] = []
  // Awaited inside: a query that nobody awaited yet has not asked for its connection.
  const play = (trx: Knex) => withoutPool(async () => await work({ db: trx, journal: journalOn(deps, trx) }))
  await deps.db
    .transaction(async (trx) => {
      results.push(await play(trx))
      throw curtain
    })
    .catch((error: unknown) => {
      if (error !== curtain) throw error
    })
  const [result] = results
  return result as T
}

function journalOn({ clock, newId, explainConstraint }: RehearsalDeps, outer: Knex): Journal {
  return {
    change: async (by, run) => {
      try {
        return await outer.transaction((trx) =>
          run({ trx, orgId: by.orgId, id: newId(), now: clock(), newId, by, record: () => {}, startJournal: async () => {} }),
        )
      } catch (error) {
        throw explainConstraint(error)
      }
    },
  }
}
