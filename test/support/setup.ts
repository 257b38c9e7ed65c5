import assert from 'node:assert/strict'
import type { Context } from 'mocha'
import { closeTestDatabase } from './database.js'
import { endRun } from './run-end.js'
import { noteTest, runComplaints } from './sql-log.js'

/** Root hooks: one database for the whole run, dropped at its end, and the judgement over all SQL that was sent to it. */

export const mochaHooks = {
  beforeEach(this: Context) {
    noteTest(this.currentTest?.fullTitle() ?? '')
  },

  async afterAll() {
    await endRun()
    await closeTestDatabase()
    assert.deepEqual(runComplaints(), [], 'SEC-TEN-6 every statement on a tenant table names its organization')
  },
}
