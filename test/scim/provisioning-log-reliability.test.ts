import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.js'
import { newestCalls } from '../../src/connections/index.js'
import { loadConfig } from '../../src/platform/config.js'
import { migrate } from '../../src/platform/db/migrate.js'
import { openDatabase } from '../../src/platform/db/open.js'
import { startTestApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { ownDatabase } from '../support/own-database.js'
import { coreUser, scimClient } from '../support/scim-client.js'

/** Logging calls never costs a call, and stopping loses none. */

describe('the provisioning log of a server', () => {
  it('fails no request when it cannot be written: what is lost is counted', async () => {
    const { env, remove } = await ownDatabase()
    const database = await openDatabase(loadConfig(env))
    await migrate(database.db, migrations, env.DATABASE_URL)
    const app = await startTestApp({ database })
    try {
      await database.db.raw('drop table provisioning_log')
      const tenant = await app.createOrganization()
      const scim = scimClient(tenant.baseUrl, tenant.token)
      for (const userName of ['a', 'b', 'c'])
        assert.equal((await scim.post('/Users', { schemas: [coreUser], userName })).status, 201)
      const page = async () => (await fetch(`${app.url}/metrics`)).text()
      const lost = async () => Number(/^gatehouse_provisioning_log_lost (\d+)$/m.exec(await page())?.[1])
      while ((await lost()) < 3) assert.equal((await scim.get('/ServiceProviderConfig')).status, 200)
    } finally {
      await app.stop()
      await database.close()
      await remove()
    }
  })

  it('has every answered call when the server was stopped', async () => {
    const app = await startTestApp()
    const tenant = await app.createOrganization()
    const scim = scimClient(tenant.baseUrl, tenant.token)
    const names = Array.from({ length: 25 }, (_, at) => `user-${at}`)
    await Promise.all(names.map((userName) => scim.post('/Users', { schemas: [coreUser], userName })))
    await app.stop()
    const lines = await newestCalls((await testDatabase()).db, [tenant.orgId], { limit: 100 })
    assert.deepEqual(lines.map(({ line }) => line).sort(), names.map((name) => `created ${name}`).sort())
  })

  it('is kept for 30 days, or as long as PROVISIONING_LOG_DAYS says', () => {
    assert.equal(loadConfig({}).PROVISIONING_LOG_DAYS, 30)
    assert.equal(loadConfig({ PROVISIONING_LOG_DAYS: '7' }).PROVISIONING_LOG_DAYS, 7)
    assert.throws(() => loadConfig({ PROVISIONING_LOG_DAYS: '0' }), /PROVISIONING_LOG_DAYS/)
  })
})
