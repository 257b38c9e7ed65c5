import { randomBytes } from 'node:crypto'
import { explainConstraint, type GroupInput, type Scope, type UserInput } from '../../src/directory/index.js'
import { createJournal, type Journal } from '../../src/journal/index.js'
import { systemClock } from '../../src/platform/clock.js'
import { newId } from '../../src/platform/ids.js'
import type { JsonObject } from '../../src/platform/json.js'
import { anyAuthority } from './authority.js'
import { type TestDatabase, testDatabase } from './database.js'

/** A journal on the test database, and organizations with a connection to try the directory on. */

export function testJournal(database: TestDatabase): Journal {
  return createJournal({ db: database.db, clock: systemClock, newId, subscriptions: [], explainConstraint })
}

/** A new organization with one SCIM connection, as bare rows. */
async function newScope(journal: Journal): Promise<Scope> {
  const scope = { orgId: newId(), connectionId: newId() }
  const at = { created_at: systemClock(), updated_at: systemClock() }
  await journal.change(anyAuthority(scope.orgId), async (c) => {
    await c.startJournal()
    await c.trx('organizations').insert({ org_id: scope.orgId, name: 'Test', ...at })
    await c.trx('organization_slugs').insert({ slug: `t-${randomBytes(8).toString('hex')}`, org_id: scope.orgId })
    await c.trx('connections').insert({
      org_id: scope.orgId,
      id: scope.connectionId,
      kind: 'scim',
      name: 'test',
      profile: 'generic',
      ...at,
    })
  })
  return scope
}

export async function openWorkbench() {
  const database = await testDatabase()
  const journal = testJournal(database)
  return {
    database,
    journal,
    change: <T>(scope: Scope, run: Parameters<typeof journal.change<T>>[1]): Promise<T> =>
      journal.change(anyAuthority(scope.orgId, scope.connectionId), run),
    newScope: () => newScope(journal),
    /** The eyes of one more connection of the scope's organization. */
    otherConnection: async (scope: Scope): Promise<Scope> => {
      const connectionId = newId()
      const at = { created_at: systemClock(), updated_at: systemClock() }
      const row = { org_id: scope.orgId, id: connectionId, kind: 'scim', name: connectionId, profile: 'generic', ...at }
      await database.db('connections').insert(row)
      return { ...scope, connectionId }
    },
  }
}

export function someUser(userName: string, rest: Partial<UserInput> & { profile?: JsonObject } = {}): UserInput {
  return { userName, active: true, externalId: null, profile: {}, unique: undefined, ...rest }
}

export function someGroup(displayName: string, rest: Partial<GroupInput> = {}): GroupInput {
  return { displayName, externalId: null, profile: {}, unique: undefined, ...rest }
}
