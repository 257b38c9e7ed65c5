import assert from 'node:assert/strict'
import { createToken, listTokens, revokeToken, rotateToken, warnOfExpiry } from '../../src/connections/index.js'
import { tokenScopes } from '../../src/contract/token.js'
import type { Authority } from '../../src/journal/index.js'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { anyAuthority } from '../support/authority.js'

describe('tokens that end soon', () => {
  let app: TestApp
  let tenant: TestTenant
  let by: Authority

  before(async () => {
    app = await sharedTestApp()
  })

  beforeEach(async () => {
    tenant = await app.createOrganization()
    by = anyAuthority(tenant.orgId)
  })

  const make = async (days: number, name = 'push') => {
    const expiresAt = new Date(Date.now() + days * 86_400_000)
    const input = { name, scopes: tokenScopes, expiresAt }
    return (await app.core.journal.change(by, (c) => createToken(c, tenant.connectionId, input))).token.id
  }
  /** Lets `days` go by for a token, as the database sees it. */
  const pass = async (id: string, days: number) => {
    const { db } = app.core
    const earlier = db.raw("expires_at - ? * interval '1 day'", [days])
    await db('connection_tokens').where({ org_id: tenant.orgId, id }).update({ expires_at: earlier })
  }
  const warnings = async () =>
    (
      await app.core.db('audit_events').where({ org_id: tenant.orgId, event: 'connection_token.expiry_announced' }).orderBy('seq')
    ).map((row) => [row.target_name, row.changed.days.after] as const)
  const warn = () => warnOfExpiry(app.core)

  it('are warned of 30, 14 and 3 days ahead, once each', async () => {
    const id = await make(40)
    await warn()
    assert.deepEqual(await warnings(), [])
    for (const days of [11, 16, 11]) {
      await pass(id, days)
      await warn()
      await warn()
    }
    assert.deepEqual(await warnings(), [
      ['push', 30],
      ['push', 14],
      ['push', 3],
    ])
  })

  it('are warned of once by several processes at the same time', async () => {
    await pass(await make(40), 20)
    await Promise.all(Array.from({ length: 6 }, warn))
    assert.deepEqual(await warnings(), [['push', 30]])
  })

  it('are warned of with the nearest figure where a server was off for long', async () => {
    await pass(await make(40), 38)
    await warn()
    assert.deepEqual(await warnings(), [['push', 3]])
  })

  it('name token, connection and end in the event', async () => {
    const id = await make(40)
    await pass(id, 15)
    await warn()
    const [row] = await app.core.db('audit_events').where({ org_id: tenant.orgId, event: 'connection_token.expiry_announced' })
    assert.deepEqual(
      [row.target_type, row.target_id, row.changed.connection.after],
      ['connection_token', id, tenant.connectionId],
    )
    assert.match(row.changed.expiresAt.after, /^\d{4}-.*Z$/)
    assert.deepEqual([row.actor_type, row.actor_id], ['system', 'token-expiry'])
  })

  it('are not warned of what whoever made them knew', async () => {
    const id = await make(10)
    await warn()
    assert.deepEqual(await warnings(), [])
    await pass(id, 8)
    await warn()
    assert.deepEqual(await warnings(), [['push', 3]])
  })

  it('are not warned of what whoever rotated them knew', async () => {
    const days = 7
    await app.core.journal.change(by, (c) =>
      rotateToken(c, tenant.connectionId, tenant.tokenId, { overlapSeconds: days * 86_400, expiresAt: null }),
    )
    await warn()
    assert.deepEqual(await warnings(), [])
    await pass(tenant.tokenId, 5)
    await warn()
    assert.deepEqual(await warnings(), [['test', 3]])
  })

  it('are not warned of once dead', async () => {
    const revoked = await make(40, 'revoked')
    await pass(revoked, 20)
    await app.core.journal.change(by, (c) => revokeToken(c, tenant.connectionId, revoked))
    await pass(await make(40, 'expired'), 41)
    await warn()
    assert.deepEqual(await warnings(), [])
  })

  it('show the days they have left, and others none', async () => {
    const near = await make(40)
    await pass(near, 28)
    const listed = await listTokens(app.core.db, tenant.orgId, tenant.connectionId)
    assert.deepEqual(
      listed.map((token) => token.daysLeft),
      [null, 11],
    )
    await pass(near, 13)
    assert.deepEqual((await listTokens(app.core.db, tenant.orgId, tenant.connectionId))[1]?.daysLeft, null)
  })
})
