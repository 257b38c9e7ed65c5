import assert from 'node:assert/strict'
import { operatorEndpoints } from '../../src/operator/endpoints.js'
import { newId } from '../../src/platform/ids.js'
import { sharedTestApp, type TestApp } from '../support/app.js'
import { operatorClient } from '../support/operator-client.js'

describe('the operator door', () => {
  let app: TestApp
  let operator: ReturnType<typeof operatorClient>

  before(async () => {
    app = await sharedTestApp()
    operator = operatorClient(app.url, await app.createOperatorToken())
  })

  const slug = () => `o-${newId()}`
  const organization = async () => {
    const { body } = await operator('POST', '/organizations', { slug: slug(), scim: {} })
    return { slug: body.organization.slug, id: body.organization.id, ...body.scim } as {
      slug: string
      id: string
      baseUrl: string
      token: string
      tokenId: string
      connectionId: string
    }
  }
  const scim = (baseUrl: string, token: string) => fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } })
  const audit = async (orgId: string) =>
    (await app.core.db('audit_events').where({ org_id: orgId }).orderBy('seq')).map((row) => row.event as string)

  it('sets up an organization with a connection and a token that works, in one change', async () => {
    const name = slug()
    const { status, body } = await operator('POST', '/organizations', { slug: name, name: 'Acme', scim: { profile: 'entra' } })
    assert.equal(status, 201)
    assert.deepEqual([body.organization.slug, body.organization.name], [name, 'Acme'])
    assert.equal(body.scim.baseUrl, `${app.url}/scim/v2/${name}`)
    assert.equal((await scim(body.scim.baseUrl, body.scim.token)).status, 200)
    assert.deepEqual(await audit(body.organization.id), [
      'organization.created',
      'connection.created',
      'connection_token.created',
    ])
    assert.equal((await app.core.db('changes').where({ org_id: body.organization.id })).length, 1)
  })

  it('writes down which operator token did it, and through which request', async () => {
    const { id } = await organization()
    const [row] = await app.core.db('audit_events').where({ org_id: id })
    assert.deepEqual([row.actor_type, row.actor_name, row.door], ['operator', 'test', 'operator'])
    assert.match(row.request_id, /./)
  })

  it('refuses a short name that is taken, and leaves nothing of the second organization', async () => {
    const first = await organization()
    const { status, body } = await operator('POST', '/organizations', { slug: first.slug, scim: {} })
    assert.deepEqual([status, body.type], [409, 'urn:gatehouse:problem:slug_taken'])
    assert.equal((await app.core.db('organization_slugs').where({ slug: first.slug })).length, 1)
  })

  it('says everything that is wrong with an input at once, each by its place', async () => {
    const { status, headers, body } = await operator('POST', '/organizations', {
      slug: 'Ä',
      colour: 'red',
      scim: { profile: 'x' },
    })
    assert.equal(status, 400)
    assert.equal(headers.get('content-type'), 'application/problem+json')
    assert.equal(body.requestId, headers.get('x-request-id'))
    assert.deepEqual(body.errors.map((fault: { pointer: string }) => fault.pointer).sort(), ['', '/scim/profile', '/slug'])
  })

  it('keeps names out of addresses that would be read as something else', async () => {
    for (const bad of ['v2', 'V', '-a', 'a-', 'a_b', 'a.b', '', 'a'.repeat(64), 'scim/..']) {
      assert.equal((await operator('POST', '/organizations', { slug: bad })).status, 400, bad)
    }
  })

  it('lists organizations in pages that together hold each one once', async () => {
    const made = [(await organization()).slug, (await organization()).slug, (await organization()).slug]
    const seen: string[] = []
    // Just before the first of the three: other tests' organizations need not be walked through.
    for (let after: string | undefined = made[0]?.slice(0, -1); after !== undefined; ) {
      const { status, body } = await operator('GET', `/organizations?limit=2&after=${after}`)
      assert.equal(status, 200)
      assert.ok(body.items.length <= 2)
      seen.push(...body.items.map((item: { slug: string }) => item.slug))
      after = body.next
    }
    assert.equal(new Set(seen).size, seen.length)
    assert.ok(made.every((name) => seen.includes(name)))
    assert.equal((await operator('GET', '/organizations?limit=1000')).status, 400)
  })

  it('sets up connections, and finds them by name or id', async () => {
    const org = await organization()
    const made = await operator('POST', `/organizations/${org.slug}/connections`, { name: 'Entra ID', profile: 'entra' })
    assert.deepEqual([made.status, made.body.profile, made.body.status], [201, 'entra', 'active'])
    const list = await operator('GET', `/organizations/${org.slug}/connections`)
    assert.deepEqual(
      list.body.items.map((item: { name: string }) => item.name),
      ['Entra ID', 'SCIM'],
    )
    for (const key of [made.body.id, 'Entra%20ID']) {
      assert.equal((await operator('GET', `/organizations/${org.slug}/connections/${key}/tokens`)).status, 200, key)
    }
    assert.equal((await operator('POST', `/organizations/${org.slug}/connections`, { name: 'Entra ID' })).status, 409)
    assert.equal((await operator('GET', `/organizations/${org.slug}/connections/Okta/tokens`)).status, 404)
    assert.equal((await operator('GET', `/organizations/${slug()}/connections`)).status, 404)
  })

  it('pauses a connection from the next request on: reads go through, changes are put off with 503', async () => {
    const org = await organization()
    const at = `/organizations/${org.slug}/connections/${org.connectionId}`
    const post = () =>
      fetch(`${org.baseUrl}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${org.token}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'mira' }),
      })
    assert.equal((await operator('POST', `${at}/pause`)).body.status, 'paused')
    const refused = await post()
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '300'])
    assert.match(((await refused.json()) as { detail: string }).detail, /paused the connection "SCIM"/)
    assert.equal((await scim(org.baseUrl, org.token)).status, 200)
    assert.equal((await operator('POST', `${at}/resume`)).body.status, 'active')
    assert.equal((await post()).status, 201)
  })

  it('makes, rotates, lists and ends tokens; a secret is told once', async () => {
    const org = await organization()
    const at = `/organizations/${org.slug}/connections/${org.connectionId}/tokens`
    const rotated = await operator('POST', `${at}/${org.tokenId}/rotate`)
    assert.equal(rotated.status, 201)
    assert.equal((await operator('POST', at, { name: 'third' })).body.type, 'urn:gatehouse:problem:too_many_tokens')
    assert.equal((await operator('POST', `${at}/${org.tokenId}/revoke`)).body.state, 'revoked')
    assert.equal((await scim(org.baseUrl, org.token)).status, 401)
    assert.equal((await scim(org.baseUrl, rotated.body.secret)).status, 200)
    const reader = await operator('POST', at, { name: 'reader', scopes: ['users:read'], expiresAt: '2100-01-01T00:00:00Z' })
    assert.deepEqual([reader.status, reader.body.token.expiresAt], [201, '2100-01-01T00:00:00.000Z'])
    const { body } = await operator('GET', at)
    assert.deepEqual(
      body.items.map((token: { name: string; state: string }) => [token.name, token.state]),
      [
        ['SCIM', 'revoked'],
        ['SCIM', 'live'],
        ['reader', 'live'],
      ],
    )
    assert.equal(JSON.stringify(body).includes(rotated.body.secret), false)
    for (const input of [
      { scopes: [] },
      { scopes: ['users:delete'] },
      { expiresAt: 'tomorrow' },
      { expiresAt: '2001-01-01T00:00:00Z' },
    ]) {
      assert.equal((await operator('POST', at, input)).status, 400, JSON.stringify(input))
    }
  })

  it('has an action, a summary and a reply schema for each of its operations', () => {
    for (const endpoint of operatorEndpoints) {
      assert.equal(endpoint.access, endpoint.id)
      assert.match(endpoint.summary, /^[A-Z]/)
      assert.ok(Object.entries(endpoint.replies).every(([status, reply]) => Number(status) >= 400 || reply.schema))
    }
    assert.equal(new Set(operatorEndpoints.map((endpoint) => endpoint.id)).size, operatorEndpoints.length)
  })
})
