import assert from 'node:assert/strict'
import { createUser, explainConstraint, type Scope } from '../../src/directory/index.js'
import { rehearse } from '../../src/journal/index.js'
import { systemClock } from '../../src/platform/clock.js'
import { newId } from '../../src/platform/ids.js'
import { anyAuthority } from '../support/authority.js'
import { openWorkbench, someUser } from '../support/directory.js'

/** Changes that are tried out and leave nothing. */

describe('a rehearsal', () => {
  let bench: Awaited<ReturnType<typeof openWorkbench>>
  let scope: Scope

  before(async () => {
    bench = await openWorkbench()
    scope = await bench.newScope()
  })

  const deps = () => ({ db: bench.database.db, clock: systemClock, newId, explainConstraint })
  const create = (userName: string) => ({
    by: anyAuthority(scope.orgId, scope.connectionId),
    run: (c: Parameters<typeof createUser>[0]) => createUser(c, scope, someUser(userName)),
  })
  const tables = ['users', 'user_states', 'identities', 'changes', 'audit_events', 'org_counters']
  const everything = async () => {
    const { db } = bench.database
    const rows = await Promise.all(tables.map((table) => db(table).where({ org_id: scope.orgId })))
    return JSON.stringify(rows)
  }

  it('gives what came of it and leaves nothing, with later changes seeing earlier ones', async () => {
    const before = await everything()
    const result = await rehearse(deps(), async ({ db, journal }) => {
      const ada = create('ada')
      const user = await journal.change(ada.by, ada.run)
      const seen = await db('users').where({ org_id: scope.orgId, id: user.id }).select('user_name')
      await assert.rejects(journal.change(ada.by, ada.run), { code: 'user_name_taken' })
      const bob = create('bob')
      await journal.change(bob.by, bob.run)
      const all = await db('users').where({ org_id: scope.orgId }).orderBy('user_name').select('user_name')
      return { seen, all }
    })
    assert.deepEqual(result, { seen: [{ user_name: 'ada' }], all: [{ user_name: 'ada' }, { user_name: 'bob' }] })
    assert.equal(await everything(), before)
  })

  it('leaves nothing when it fails either, and says why it failed', async () => {
    const before = await everything()
    const failed = rehearse(deps(), async ({ journal }) => {
      const ada = create('ada')
      await journal.change(ada.by, ada.run)
      throw new Error('in the middle')
    })
    await assert.rejects(failed, /in the middle/)
    assert.equal(await everything(), before)
  })

  it('stops whoever reaches past its stage for the pool', async () => {
    const { db } = bench.database
    await assert.rejects(
      rehearse(deps(), () => db('users').where({ org_id: scope.orgId })),
      /a change used the pool/,
    )
  })
})
