import assert from 'node:assert/strict'
import { authorizeOperator } from '../../src/access/index.js'
import { createToken, listTokens, rotateToken } from '../../src/connections/index.js'
import { type TokenScope, tokenScopes } from '../../src/contract/token.js'
import { AppError } from '../../src/platform/errors.js'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { coreUser, type ScimAnswer, type ScimClient, scimClient } from '../support/scim-client.js'

/** `/Me`, for tokens that stand for a user: RFC 7644 §3.11. */
describe('/Me', () => {
  let app: TestApp
  let tenant: TestTenant
  let admin: ScimClient
  let ada: { id: string; meta: { location: string; version: string } }

  const change = <T>(run: Parameters<typeof app.core.journal.change<T>>[1]): Promise<T> =>
    app.core.journal.change(authorizeOperator({ actor: { type: 'system', id: 'test' }, door: 'system' }, tenant.orgId), run)

  const tokenFor = (user: string, scopes: readonly TokenScope[] = tokenScopes) =>
    change((c) => createToken(c, tenant.connectionId, { name: 'own', scopes, expiresAt: null, user }))

  const clientFor = async (user: string, scopes?: readonly TokenScope[]) =>
    scimClient(tenant.baseUrl, (await tokenFor(user, scopes)).secret)

  const location = (answer: ScimAnswer) => answer.headers.get('location')

  beforeEach(async () => {
    app = await sharedTestApp()
    tenant = await app.createOrganization()
    admin = scimClient(tenant.baseUrl, tenant.token)
    ada = (await admin.post('/Users', { schemas: [coreUser], userName: 'ada', nickName: 'A' })).body
  })

  it('§3.11 reads, replaces and changes the user the token stands for, and says where the user really is', async () => {
    const me = await clientFor(ada.id)
    const read = await me.get('/Me?attributes=userName,meta')
    assert.deepEqual([read.status, read.body.id, read.body.userName, read.body.nickName], [200, ada.id, 'ada', undefined])
    assert.equal(read.body.meta.location, ada.meta.location)
    const known = await me.get('/Me', { 'if-none-match': ada.meta.version })
    const put = await me.put('/Me', { schemas: [coreUser], userName: 'ada', nickName: 'Countess' })
    const patched = await me.call('PATCH', '/Me', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'title', value: 'Analyst' }],
    })
    const stale = await me.put('/Me', { schemas: [coreUser], userName: 'ada' }, { 'if-match': ada.meta.version })
    const wrong = await me.put('/Me', { schemas: [coreUser] })
    const answers = [read, known, put, patched, stale, wrong]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 304, 200, 200, 412, 400],
    )
    for (const answer of answers) assert.equal(location(answer), ada.meta.location)
    const { body } = await admin.get(`/Users/${ada.id}`)
    assert.deepEqual([body.nickName, body.title], ['Countess', 'Analyst'])
  })

  it('§3.11 deletes the user, and the token with it', async () => {
    const me = await clientFor('ADA')
    const deleted = await me.delete('/Me')
    assert.deepEqual([deleted.status, location(deleted)], [204, ada.meta.location])
    assert.equal((await admin.get(`/Users/${ada.id}`)).status, 404)
    assert.equal((await me.get('/Me')).status, 401)
  })

  it('is served by no POST, and means nobody to a token that stands for none', async () => {
    const me = await clientFor(ada.id)
    const posted = await me.post('/Me', { schemas: [coreUser], userName: 'eve' })
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD, PUT, PATCH, DELETE'])
    for (const method of ['GET', 'DELETE']) {
      const answer = await admin.call(method, '/Me')
      assert.deepEqual([answer.status, answer.body.status, location(answer)], [404, '404', null])
      assert.match(answer.body.detail, /stands for a connection and for no user/)
    }
  })

  it('asks for the scopes that /Users asks for', async () => {
    const me = await clientFor(ada.id, ['users:read'])
    assert.equal((await me.get('/Me')).status, 200)
    assert.equal((await me.delete('/Me')).status, 403)
    assert.equal((await (await clientFor(ada.id, ['groups:read'])).get('/Me')).status, 403)
  })

  it('SEC-SCIM-16 ends with the user switched off, in every spelling, and does not come back with them', async () => {
    const off: [name: string, switchOff: (path: string) => Promise<ScimAnswer>][] = [
      ['path', (path) => admin.patch(path, [{ op: 'replace', path: 'active', value: false }])],
      ['no path', (path) => admin.patch(path, [{ op: 'replace', value: { active: false } }])],
      ['text', (path) => admin.patch(path, [{ op: 'Replace', path: 'active', value: 'False' }])],
      ['put', (path) => admin.put(path, { schemas: [coreUser], userName: 'put', active: false })],
      ['delete', (path) => admin.delete(path)],
    ]
    for (const [name, switchOff] of off) {
      const { id } = (await admin.post('/Users', { schemas: [coreUser], userName: name })).body
      const me = await clientFor(id)
      assert.equal((await me.get('/Me')).status, 200, name)
      assert.ok((await switchOff(`/Users/${id}`)).status < 300)
      assert.equal((await me.get('/Me')).status, 401, name)
      assert.equal((await me.get('/Users')).status, 401, name)
      if (name === 'delete') continue
      await admin.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: true }])
      assert.equal((await me.get('/Me')).status, 401, `${name}, switched on again`)
    }
    const tokens = await listTokens(app.core.db, tenant.orgId, tenant.connectionId)
    assert.deepEqual([...new Set(tokens.filter(({ userId }) => userId).map(({ state }) => state))], ['revoked'])
  })

  it('is for users of the token’s own connection who are switched on, at most two live tokens each', async () => {
    const refusal = async (user: string) => {
      const error = await tokenFor(user).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      return error instanceof AppError ? error.code : error
    }
    const other = await app.createConnection(tenant)
    const theirs = (await scimClient(other.baseUrl, other.token).post('/Users', { schemas: [coreUser], userName: 'theirs' })).body
    await admin.post('/Users', { schemas: [coreUser], userName: 'off', active: false })
    assert.deepEqual(
      [await refusal(theirs.id), await refusal('theirs'), await refusal('nobody'), await refusal('off')],
      ['user_not_found', 'user_not_found', 'user_not_found', 'user_inactive'],
    )
    await tokenFor('ada')
    await tokenFor('ada')
    assert.equal(await refusal('ada'), 'too_many_tokens')
    assert.equal((await admin.get('/Users')).status, 200)
  })

  it('goes on with the successor of a token, for the same user', async () => {
    const { token } = await tokenFor('ada')
    const next = await change((c) => rotateToken(c, tenant.connectionId, token.id, { overlapSeconds: 0, expiresAt: null }))
    assert.equal(next.token.userId, ada.id)
    assert.equal((await scimClient(tenant.baseUrl, next.secret).get('/Me')).body.id, ada.id)
  })

  it('has its tokens made by the operator, who is told whom they stand for', async () => {
    const operator = await app.createOperatorToken()
    const made = await fetch(`${app.url}/operator/v1/organizations/${tenant.slug}/connections/${tenant.connectionId}/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'own', user: 'Ada' }),
    })
    const { secret, token } = (await made.json()) as { secret: string; token: { userId: string } }
    assert.deepEqual([made.status, token.userId], [201, ada.id])
    assert.equal((await scimClient(tenant.baseUrl, secret).get('/Me')).body.userName, 'ada')
  })
})
