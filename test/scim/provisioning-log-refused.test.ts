import assert from 'node:assert/strict'
import { revokeToken } from '../../src/connections/index.js'
import { newId } from '../../src/platform/ids.js'
import { anyAuthority } from '../support/authority.js'
import { callMadeBy, callsOf, type Logged } from '../support/provisioning.js'
import { coreUser } from '../support/scim-client.js'
import { newTenant, type Tenant } from '../support/tenant.js'

/** Calls that got no further than the door: the first that anybody looks for when a connection is set up. */

describe('a refused call in the provisioning log', () => {
  let tenant: Tenant
  let other: Tenant

  before(async () => {
    tenant = await newTenant()
    other = await newTenant()
  })

  const call = (headers: Record<string, string>, path = '/Users') => fetch(tenant.baseUrl + path, { headers })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const refused = (headers: () => Record<string, string>) => callMadeBy(tenant, () => call(headers()))

  const cases: readonly (readonly [line: string, headers: () => Record<string, string>])[] = [
    ['refused: no bearer token was sent', () => ({})],
    ['refused: what was sent as bearer token is none of this server, or mistyped', () => bearer('secret-of-another-product')],
    ['refused: no bearer token was sent', () => ({ authorization: `Basic ${tenant.token}` })],
    ['refused: the token belongs to another organization than the address', () => bearer(other.token)],
  ]
  for (const [line, headers] of cases) {
    it(`says: ${line}`, async () => {
      const { line: said, status, connectionId, tokenId } = await refused(headers)
      assert.deepEqual({ said, status, connectionId, tokenId }, { said: line, status: 401, connectionId: null, tokenId: null })
    })
  }

  const withToken = async (
    spoil: (made: { connectionId: string; tokenId: string }) => Promise<unknown>,
  ): Promise<[Logged, string]> => {
    const made = await tenant.app.createConnection(tenant)
    await spoil(made)
    return [await refused(() => bearer(made.token)), made.tokenId]
  }

  it('says that the token is expired, and which it was', async () => {
    const [logged, tokenId] = await withToken(({ tokenId: id }) =>
      tenant.app.core
        .db('connection_tokens')
        .where({ org_id: tenant.orgId, id })
        .update({ expires_at: new Date(0) }),
    )
    assert.deepEqual([logged.line, logged.tokenId], ['refused: the token is expired', tokenId])
  })

  it('says that the token is revoked, and whose it was', async () => {
    const [logged, tokenId] = await withToken(({ connectionId, tokenId: id }) =>
      tenant.app.core.journal.change(anyAuthority(tenant.orgId), (c) => revokeToken(c, connectionId, id)),
    )
    assert.deepEqual([logged.line, logged.tokenId], ['refused: the token is revoked', tokenId])
    assert.notEqual(logged.connectionId, tenant.connectionId)
  })

  it('has no body and no query, for nobody read them', async () => {
    const logged = await callMadeBy(tenant, () =>
      fetch(`${tenant.baseUrl}/Users?filter=password%20eq%20%22Tr0ub4dor%22`, {
        method: 'POST',
        headers: { 'content-type': 'application/scim+json' },
        body: JSON.stringify({ schemas: [coreUser], userName: 'x', password: 'Tr0ub4dor' }),
      }),
    )
    const { path, request, understood, response } = logged
    assert.deepEqual({ path, request, understood, response }, { path: '/Users', request: null, understood: null, response: null })
  })

  it('says what a token may not do, with the token', async () => {
    const reader = await tenant.app.createConnection(tenant, { scopes: ['users:read'] })
    const logged = await callMadeBy(tenant, () =>
      fetch(`${tenant.baseUrl}/Users/${newId()}`, { method: 'DELETE', headers: bearer(reader.token) }),
    )
    assert.deepEqual([logged.status, logged.tokenId, logged.connectionId], [403, reader.tokenId, reader.connectionId])
    assert.match(logged.line, /^refused to delete user [0-9a-f-]{36}: The token "test" lacks users:write$/)
  })

  it('is in the log of the organization in the address and of no other', async () => {
    const before = (await callsOf(other, 0)).length
    await refused(() => bearer(other.token))
    assert.equal((await callsOf(other, 0)).length, before)
  })

  it('is nowhere but in the server’s own log where the address names no organization', async () => {
    const address = tenant.baseUrl.replace(/[^/]+$/, `nobody-${newId()}`)
    const before = (await callsOf(tenant, 0)).length
    assert.equal((await fetch(`${address}/Users`, { headers: bearer(tenant.token) })).status, 401)
    await refused(() => ({}))
    assert.equal((await callsOf(tenant, before + 1)).length, before + 1)
  })
})
