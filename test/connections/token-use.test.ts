import assert from 'node:assert/strict'
import { listTokens, type TokenUse, trackTokenUse } from '../../src/connections/index.js'
import { createLogger } from '../../src/platform/log.js'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'

describe('the use of tokens', () => {
  let app: TestApp
  let tenant: TestTenant
  let use: TokenUse

  beforeEach(async () => {
    app = await sharedTestApp()
    tenant = await app.createOrganization()
    use = trackTokenUse({ db: app.core.db, log: createLogger('silent') })
  })

  afterEach(() => use.stop())

  const lastUse = async () => (await listTokens(app.core.db, tenant.orgId, tenant.connectionId))[0]?.lastUsedAt

  it('is written in batches, not at the request', async () => {
    use.note({ orgId: tenant.orgId, token: { id: tenant.tokenId } })
    use.note({ orgId: tenant.orgId, token: { id: tenant.tokenId } })
    assert.equal(await lastUse(), null)
    await use.flush()
    const first = await lastUse()
    assert.ok(first)
    await use.flush()
    assert.deepEqual(await lastUse(), first)
  })

  it('is not lost by an orderly stop', async () => {
    use.note({ orgId: tenant.orgId, token: { id: tenant.tokenId } })
    await use.stop()
    assert.ok(await lastUse())
  })

  it('that cannot be written harms nobody', async () => {
    use.note({ orgId: 'no organization', token: { id: tenant.tokenId } })
    await use.flush()
    use.note({ orgId: tenant.orgId, token: { id: tenant.tokenId } })
    await use.flush()
    assert.ok(await lastUse())
  })
})
