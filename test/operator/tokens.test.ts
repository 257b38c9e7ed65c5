import assert from 'node:assert/strict'
import { authorizeOperator } from '../../src/access/index.js'
import { createOperatorToken, installationId, listOperatorTokens, revokeOperatorToken } from '../../src/credentials/index.js'
import { loadConfig } from '../../src/platform/config.js'
import { type Database, openDatabase } from '../../src/platform/db/open.js'
import { newId } from '../../src/platform/ids.js'
import { sharedTestApp, startTestApp, type TestApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'

const by = authorizeOperator({ actor: { type: 'system', id: 'test' }, door: 'cli' }, installationId)

describe('tokens at the doors', () => {
  let app: TestApp
  let replica: TestApp
  let second: Database | undefined

  before(async () => {
    app = await sharedTestApp()
    const { url } = await testDatabase()
    // PostgreSQL: a process of its own would open a pool of its own. Embedded: there is one connection, shared by both.
    if (url) second = await openDatabase(loadConfig({ DATABASE_URL: url }))
    replica = await startTestApp(second ? { database: second } : {})
  })

  after(async () => {
    await replica.stop()
    await second?.close()
  })

  const status = async (url: string, token: string) =>
    (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
  const operatorPath = '/operator/v1/organizations'

  it('SEC-SCIM-2 a SCIM token is nobody at the operator door, and an operator token nobody at the SCIM door', async () => {
    const tenant = await app.createOrganization()
    const operator = await app.createOperatorToken()
    assert.equal(await status(app.url + operatorPath, tenant.token), 401)
    assert.equal(await status(`${tenant.baseUrl}/Users`, operator), 401)
    assert.equal(await status(app.url + operatorPath, operator), 200)
    assert.equal(await status(`${tenant.baseUrl}/Users`, tenant.token), 200)
  })

  it('SEC-SCIM-2 a SCIM token is nobody at the address of another organization', async () => {
    const [one, two] = [await app.createOrganization(), await app.createOrganization()]
    assert.equal(await status(`${one.baseUrl}/Users`, two.token), 401)
    assert.equal(await status(`${one.baseUrl}x/Users`, one.token), 401)
  })

  it('SEC-SCIM-2 revoking through one process ends a token in another at its next request', async () => {
    const tenant = await app.createOrganization()
    const operator = await app.createOperatorToken()
    const elsewhere = `${replica.url}/scim/v2/${tenant.slug}/Users`
    assert.equal(await status(elsewhere, tenant.token), 200)
    const revoke = `${operatorPath}/${tenant.slug}/connections/${tenant.connectionId}/tokens/${tenant.tokenId}/revoke`
    const reply = await fetch(app.url + revoke, { method: 'POST', headers: { authorization: `Bearer ${operator}` } })
    assert.equal(reply.status, 200)
    assert.equal(await status(elsewhere, tenant.token), 401)
  })

  it('SEC-SCIM-2 an operator token is kept as a hash alone, and ends at once when revoked', async () => {
    const { secret, token } = await app.core.journal.change(by, (c) => createOperatorToken(c, { name: 'ops', expiresAt: null }))
    const [row] = await app.core.db('operator_tokens').where({ id: token.id })
    assert.equal(JSON.stringify(row).includes(secret.slice(30, 60)), false)
    assert.equal(await status(replica.url + operatorPath, secret), 200)
    await app.core.journal.change(by, (c) => revokeOperatorToken(c, token.id))
    assert.equal(await status(replica.url + operatorPath, secret), 401)
    const listed = (await listOperatorTokens(app.core.db)).find(({ id }) => id === token.id)
    assert.equal(listed?.state, 'revoked')
    assert.ok(listed?.lastUsedAt)
  })

  it('an operator token ends at its expiry by the clock of the database', async () => {
    const { secret, token } = await app.core.journal.change(by, (c) => createOperatorToken(c, { name: 'ops', expiresAt: null }))
    const { db } = app.core
    await db('operator_tokens')
      .where({ id: token.id })
      .update({ expires_at: db.raw("now() - interval '1 second'") })
    assert.equal(await status(app.url + operatorPath, secret), 401)
  })

  it('operator tokens are written down in the journal of the installation', async () => {
    const { token } = await app.core.journal.change(by, (c) => createOperatorToken(c, { name: 'ops', expiresAt: null }))
    const rows = await app.core.db('audit_events').where({ org_id: installationId, target_id: token.id })
    assert.deepEqual(
      rows.map((row) => [row.event, row.door]),
      [['operator_token.created', 'cli']],
    )
  })

  it('an operator token that is not there cannot be revoked', async () => {
    for (const id of [newId(), 'x']) {
      await assert.rejects(
        app.core.journal.change(by, (c) => revokeOperatorToken(c, id)),
        { kind: 'not_found' },
      )
    }
  })
})
