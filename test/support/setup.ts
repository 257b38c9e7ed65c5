import { closeTestDatabase } from './database.js'

/** Root hooks: one database for the whole run, dropped at its end. */
export const mochaHooks = {
  async afterAll() {
    await closeTestDatabase()
  },
}
