import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { listTokens } from '../../src/connections/index.js'
import { createLogger } from '../../src/platform/log.js'
import { startTestApp } from '../support/app.js'

describe('a SCIM call', () => {
  it('leaves in the log whose it was and how it ended, in the token when it was used, and nowhere what it carried', async () => {
    let text = ''
    const sink = new Writable({
      write: (chunk, _, done) => {
        text += chunk
        done()
      },
    })
    const app = await startTestApp({ log: createLogger('debug', sink) })
    const tenant = await app.createOrganization()
    const body = JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'private-name',
      password: 'private-password',
    })
    const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json', 'x-request-id': 'call-1' }
    const made = await fetch(`${tenant.baseUrl}/Users?attributes=private-query`, { method: 'POST', headers, body })
    assert.equal(made.status, 201)
    await fetch(`${tenant.baseUrl}/Users?filter=private-filter`, { headers })
    await app.stop()
    const lines = text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []))
    const line = lines.find((entry) => entry.requestId === 'call-1' && entry.status === 201)
    assert.deepEqual(
      [line.door, line.method, line.route, line.organization, line.connection],
      ['scim', 'POST', 'scim.users.create', tenant.orgId, tenant.connectionId],
    )
    assert.doesNotMatch(text, /private/)
    assert.equal(text.includes(tenant.token), false)
    const [token] = await listTokens(app.core.db, tenant.orgId, tenant.connectionId)
    assert.ok(token?.lastUsedAt)
  })
})
