import assert from 'node:assert/strict'
import {
  createConnection,
  findConnection,
  listConnections,
  pauseConnection,
  resumeConnection,
} from '../../src/connections/index.js'
import { profileNames } from '../../src/contract/connection.js'
import { createOrganization } from '../../src/directory/index.js'
import type { Authority, Journal } from '../../src/journal/index.js'
import { newId } from '../../src/platform/ids.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import { anyAuthority } from '../support/authority.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { testJournal } from '../support/directory.js'

describe('connections', () => {
  let database: TestDatabase
  let journal: Journal
  let by: Authority

  const organization = async () => {
    const owner = anyAuthority()
    await journal.change(owner, (c) => createOrganization(c, { slug: `t-${owner.orgId}`, name: 'T' }))
    return owner
  }
  const create = (name: string, owner = by) => journal.change(owner, (c) => createConnection(c, { name, profile: 'generic' }))

  before(async () => {
    database = await testDatabase()
    journal = testJournal(database)
  })

  beforeEach(async () => {
    by = await organization()
  })

  it('are found by id and by name, and only in their own organization', async () => {
    const made = await create('Okta')
    assert.deepEqual(await findConnection(database.db, by.orgId, made.id), made)
    assert.deepEqual(await findConnection(database.db, by.orgId, 'Okta'), made)
    const other = await organization()
    for (const [orgId, key] of [
      [other.orgId, made.id],
      [other.orgId, 'Okta'],
      [by.orgId, 'okta'],
      [by.orgId, newId()],
    ] as const) {
      assert.equal(await findConnection(database.db, orgId, key), undefined)
    }
  })

  it('have names of their own within an organization, and share them between organizations', async () => {
    await create('Okta')
    await assert.rejects(create('Okta'), { kind: 'conflict', code: 'connection_name_taken' })
    await create('Okta', await organization())
    await create('Entra')
    assert.deepEqual(
      (await listConnections(database.db, by.orgId)).map(({ name }) => name),
      ['Entra', 'Okta'],
    )
  })

  it('are paused and resumed, and written down only where something changed', async () => {
    const { id } = await create('Okta')
    const pause = () => journal.change(by, (c) => pauseConnection(c, id))
    const resume = () => journal.change(by, (c) => resumeConnection(c, id))
    assert.equal((await resume()).version, 1)
    assert.deepEqual([(await pause()).status, (await pause()).version], ['paused', 2])
    assert.equal((await resume()).status, 'active')
    const rows = await database.db('audit_events').where({ org_id: by.orgId, target_id: id }).orderBy('seq')
    assert.deepEqual(
      rows.map((row) => row.event),
      ['connection.created', 'connection.paused', 'connection.resumed'],
    )
    assert.deepEqual(rows[1]?.changed, { status: { before: 'active', after: 'paused' } })
  })

  it('that are not there cannot be paused', async () => {
    await assert.rejects(
      journal.change(by, (c) => pauseConnection(c, newId())),
      { kind: 'not_found' },
    )
  })

  it('may speak every dialect that the SCIM door knows, and no other', () => {
    assert.deepEqual([...profileNames].sort(), Object.keys(profiles).sort())
  })
})
