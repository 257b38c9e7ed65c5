import assert from 'node:assert/strict'
import { createClient, revokeClient } from '../../src/connections/index.js'
import { type TokenScope, tokenScopes } from '../../src/contract/token.js'
import { checkReply } from '../support/api-replies.js'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { anyAuthority } from '../support/authority.js'
import { coreUser, scimClient } from '../support/scim-client.js'
import { tenantOf } from '../support/tenant.js'

describe('OAuth 2.0 client credentials', () => {
  let app: TestApp
  let tenant: TestTenant

  before(async () => {
    app = await sharedTestApp()
  })

  beforeEach(async () => {
    tenant = await app.createOrganization()
  })

  const change = <T>(run: Parameters<typeof app.core.journal.change<T>>[1], of = tenant) =>
    app.core.journal.change(anyAuthority(of.orgId), run)
  const make = async (scopes: readonly TokenScope[] = tokenScopes, of = tenant) => {
    const { client, secret } = await change((c) => createClient(c, of.connectionId, { name: 'entra', scopes }), of)
    return { id: client.id, secret }
  }

  const ask = async (
    form: string | Record<string, string>,
    headers: Record<string, string> = {},
    { slug, method = 'POST' } = { slug: tenant.slug, method: 'POST' },
  ) => {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
    const target = `/oauth/${slug}/token`
    const answer = await fetch(app.url + target, {
      method,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      ...(method === 'POST' && { body }),
    })
    const text = await answer.text()
    checkReply({ method, target, status: answer.status, headers: answer.headers, text })
    // biome-ignore lint/suspicious/noExplicitAny: tests read replies of every shape
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) as any }
  }
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })
  const post = ({ id, secret }: { id: string; secret: string }, more: Record<string, string> = {}) =>
    ask({ grant_type: 'client_credentials', client_id: id, client_secret: secret, ...more })
  const scim = (token: string, of = tenant) => scimClient(of.baseUrl, token)
  const refused = async (answer: ReturnType<typeof ask>, status: number, error: string) => {
    const { status: found, headers, body } = await answer
    assert.deepEqual([found, body.error], [status, error], JSON.stringify(body))
    // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E
    assert.match(body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.equal(headers.get('cache-control'), 'no-store')
  }

  it('draw a bearer token that works for an hour, by the secret in the body (RFC 6749 §4.4)', async () => {
    const { status, headers, body } = await post(await make())
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
    assert.deepEqual([body.token_type, body.expires_in, body.scope], ['Bearer', 3600, tokenScopes.join(' ')])
    assert.deepEqual([headers.get('cache-control'), headers.get('pragma')], ['no-store', 'no-cache'])
    assert.equal(headers.get('content-type'), 'application/json')
    const made = await scim(body.access_token).post('/Users', { schemas: [coreUser], userName: 'ada' })
    assert.equal(made.status, 201)
    const [row] = await app.core.db('audit_events').where({ org_id: tenant.orgId, event: 'user.created' })
    assert.deepEqual([row.actor_type, row.actor_name, row.connection_id], ['connection_client', 'entra', tenant.connectionId])
  })

  it('draw it by a Basic header too, form-encoded as RFC 6749 §2.3.1 has it', async () => {
    const { id, secret } = await make()
    const { status, body } = await ask({ grant_type: 'client_credentials' }, basic(id, secret))
    assert.equal(status, 200)
    assert.equal((await scim(body.access_token).get('/Users')).status, 200)
    const odd = `basic   ${Buffer.from(`${id}:${secret.replace('_', '%5F')}`).toString('base64')}`
    assert.equal((await ask({ grant_type: 'client_credentials' }, { authorization: odd })).status, 200)
  })

  it('stand beside bearer tokens of the same connection, and see the same people', async () => {
    await scim(tenant.token).post('/Users', { schemas: [coreUser], userName: 'ada' })
    const { body } = await post(await make())
    assert.equal((await scim(body.access_token).get('/Users')).body.totalResults, 1)
  })

  it('are refused with 401 invalid_client and a challenge, whatever was wrong, in the same words', async () => {
    const client = await make()
    const other = await app.createOrganization()
    const foreign = await make(tokenScopes, other)
    const answers = [
      await post({ ...client, secret: `${client.secret.slice(0, -1)}x` }),
      await post({ ...client, secret: 'secret' }),
      await post({ ...client, secret: foreign.secret }),
      await post({ id: foreign.id, secret: client.secret }),
      await post({ id: 'nobody', secret: client.secret }),
      await post(foreign),
      await post({ id: client.id, secret: tenant.token }),
      await ask({ grant_type: 'client_credentials' }, basic(client.id, 'secret')),
      await ask({ grant_type: 'client_credentials' }, { authorization: 'Basic ???' }),
      await ask({ grant_type: 'client_credentials' }, { authorization: `Bearer ${tenant.token}` }),
      await ask(
        { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret },
        {},
        { slug: 'nobody', method: 'POST' },
      ),
    ]
    for (const { status, headers, body } of answers) {
      assert.deepEqual([status, body], [401, answers[0]?.body])
      assert.match(headers.get('www-authenticate') ?? '', /^Basic realm=/)
    }
    await refused(ask({ grant_type: 'client_credentials' }), 401, 'invalid_client')
  })

  it('are refused in the words of RFC 6749 §5.2', async () => {
    const client = await make(['users:read'])
    const named = { client_id: client.id, client_secret: client.secret }
    await refused(ask(named), 400, 'invalid_request')
    await refused(ask({ ...named, grant_type: '' }), 400, 'invalid_request')
    await refused(ask({ ...named, grant_type: 'password' }), 400, 'unsupported_grant_type')
    await refused(ask({ ...named, grant_type: 'authorization_code' }), 400, 'unsupported_grant_type')
    await refused(post(client, { scope: 'users:write' }), 400, 'invalid_scope')
    await refused(post(client, { scope: '"<script>ä' }), 400, 'invalid_scope')
    await refused(ask({ ...named, grant_type: 'client_credentials' }, basic(client.id, client.secret)), 400, 'invalid_request')
    const twice = `${new URLSearchParams({ ...named, grant_type: 'client_credentials' })}&grant_type=client_credentials`
    await refused(ask(twice), 400, 'invalid_request')
    await refused(ask('{}', { 'content-type': 'application/json' }), 415, 'invalid_request')
    await refused(ask('x'.repeat(20_000)), 413, 'invalid_request')
    const get = await ask('', {}, { slug: tenant.slug, method: 'GET' })
    assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST'])
  })

  it('give no more than was asked for, and "scim" or nothing asks for all', async () => {
    const client = await make(['users:read', 'groups:read'])
    const narrow = await post(client, { scope: 'users:read' })
    assert.equal(narrow.body.scope, 'users:read')
    assert.equal((await scim(narrow.body.access_token).get('/Users')).status, 200)
    assert.equal((await scim(narrow.body.access_token).get('/Groups')).status, 403)
    for (const scope of ['scim', '', 'users:read groups:read']) {
      assert.equal((await post(client, { scope })).body.scope, 'users:read groups:read', scope)
    }
  })

  it('end with the client: the next request with an access token is 401, in every process', async () => {
    const client = await make()
    const { body } = await post(client)
    const second = await post(client)
    assert.equal((await scim(body.access_token).get('/Users')).status, 200)
    await change((c) => revokeClient(c, tenant.connectionId, client.id))
    for (const token of [body.access_token, second.body.access_token]) {
      assert.equal((await scim(token).get('/Users')).status, 401)
    }
    await refused(post(client), 401, 'invalid_client')
  })

  it('end with the hour', async () => {
    const { body } = await post(await make())
    const past = { expires_at: app.core.db.raw("now() - interval '1 second'") }
    await app.core.db('connection_access_tokens').where({ org_id: tenant.orgId }).update(past)
    assert.equal((await scim(body.access_token).get('/Users')).status, 401)
  })

  it('keep no access token that ended, and a hundred at most', async () => {
    const client = await make()
    const first = await post(client)
    const past = { expires_at: app.core.db.raw("now() - interval '1 second'") }
    await app.core.db('connection_access_tokens').where({ org_id: tenant.orgId }).update(past)
    const drawn: string[] = []
    for (let draw = 0; draw < 102; draw++) drawn.push((await post(client)).body.access_token)
    assert.equal((await app.core.db('connection_access_tokens').where({ org_id: tenant.orgId })).length, 100)
    const statuses = [first.body.access_token, drawn[0], drawn[1], drawn[2], drawn[101]].map(
      async (token) => (await scim(token).get('/Users')).status,
    )
    assert.deepEqual(await Promise.all(statuses), [401, 401, 401, 200, 200])
  })

  it('may be two at a time, so that one can take over from the other', async () => {
    const [old, next] = [await make(), await make()]
    await assert.rejects(make(), { kind: 'conflict', code: 'too_many_clients' })
    const tokens = [await post(old), await post(next)].map(({ body }) => body.access_token)
    for (const token of tokens) assert.equal((await scim(token).get('/Users')).status, 200)
    await change((c) => revokeClient(c, tenant.connectionId, old.id))
    assert.deepEqual([(await scim(tokens[0]).get('/Users')).status, (await scim(tokens[1]).get('/Users')).status], [401, 200])
    await make()
  })

  it('open no other organization and no other connection', async () => {
    const { body } = await post(await make())
    const other = await app.createOrganization()
    assert.equal((await scim(body.access_token, other).get('/Users')).status, 401)
    const neighbour = await app.createConnection(tenant)
    await scim(neighbour.token).post('/Users', { schemas: [coreUser], userName: 'theirs' })
    assert.equal((await scim(body.access_token).get('/Users')).body.totalResults, 0)
  })

  it('SEC-SCIM-2 leave secret and access token nowhere in the database', async () => {
    const client = await make()
    const { body } = await post(client)
    const dump = await tenantOf(app, tenant).dump()
    for (const secret of [client.secret, body.access_token]) {
      for (const part of [secret, secret.slice(26, 69), secret.slice(-20)]) assert.equal(dump.includes(part), false)
    }
  })

  it('let a walk go on with the next access token of the same client', async () => {
    const client = await make()
    for (const userName of ['a', 'b', 'c']) await scim(tenant.token).post('/Users', { schemas: [coreUser], userName })
    const page = await scim((await post(client)).body.access_token).get('/Users?cursor&count=2')
    const rest = await scim((await post(client)).body.access_token).get(`/Users?cursor=${page.body.nextCursor}&count=2`)
    assert.deepEqual([page.body.Resources.length, rest.body.Resources.length], [2, 1])
  })

  it('are advertised in the service provider configuration where the connection has a client, and only there', async () => {
    const types = async (of: TestTenant) =>
      (await scim(of.token, of).get('/ServiceProviderConfig')).body.authenticationSchemes.map(
        ({ type, primary }: { type: string; primary: boolean }) => [type, primary],
      )
    const neighbour = await app.createConnection(tenant)
    assert.deepEqual(await types(tenant), [['oauthbearertoken', true]])
    const client = await make()
    const both = [
      ['oauthbearertoken', true],
      ['oauth2', false],
    ]
    assert.deepEqual(await types(tenant), both)
    assert.deepEqual(await types(neighbour), [['oauthbearertoken', true]])
    const { body } = await scim(tenant.token).get('/ServiceProviderConfig')
    assert.match(body.authenticationSchemes[1].description, new RegExp(`${app.url}/oauth/${tenant.slug}/token`))
    await change((c) => revokeClient(c, tenant.connectionId, client.id))
    assert.deepEqual(await types(tenant), [['oauthbearertoken', true]])
  })

  it('are answered on a paused connection, whose changes wait as ever', async () => {
    const client = await make()
    await app.core.db('connections').where({ org_id: tenant.orgId, id: tenant.connectionId }).update({ status: 'paused' })
    const { status, body } = await post(client)
    assert.equal(status, 200)
    assert.equal((await scim(body.access_token).get('/Users')).status, 200)
    assert.equal((await scim(body.access_token).post('/Users', { schemas: [coreUser], userName: 'ada' })).status, 503)
  })
})
