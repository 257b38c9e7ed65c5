import assert from 'node:assert/strict'
import type { Context } from 'mocha'
import { unansweredOperations } from './api-replies.js'
import { closeTestDatabase } from './database.js'
import { wasWholeAndGreen } from './full-run.js'
import { assertGolden } from './golden.js'
import { endRun } from './run-end.js'
import { noteTest, runComplaints } from './sql-log.js'

/** Root hooks: one database for the whole run, dropped at its end, and the judgement over all SQL that was sent to it and all operations that were not called. */

export const mochaHooks = {
  beforeEach(this: Context) {
    noteTest(this.currentTest?.fullTitle() ?? '')
  },

  async afterAll(this: Context) {
    await endRun()
    await closeTestDatabase()
    assert.deepEqual(runComplaints(), [], 'SEC-TEN-6 every statement on a tenant table names its organization')
    const root = this.test?.parent
    if (root && wasWholeAndGreen(root)) assertGolden('untested.txt', unansweredOperations().join('\n'))
  },
}
