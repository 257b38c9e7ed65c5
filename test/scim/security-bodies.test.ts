import assert from 'node:assert/strict'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { badRequests } from '../support/bad-requests.js'
import { rawCall } from '../support/raw-http.js'
import { coreGroup, coreUser, errorSchema, type ScimClient, scimClient } from '../support/scim-client.js'

/** Whatever is sent, the answer is a sentence in the SCIM dialect, the process lives, and no object is polluted. */

const shapeOf = (object: object): string[] => Reflect.ownKeys(object).map(String).sort()
const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype].map(
  (one) => [one, shapeOf(one)] as const,
)

describe('bad input', () => {
  let app: TestApp
  let tenant: TestTenant
  let scim: ScimClient
  let ids: Record<string, string>

  before(async () => {
    app = await sharedTestApp()
    tenant = await app.createOrganization()
    scim = scimClient(tenant.baseUrl, tenant.token)
    const emails = [{ value: 'a@example.com', type: 'work' }]
    const user = await scim.post('/Users', { schemas: [coreUser], userName: 'target', emails })
    const group = await scim.post('/Groups', { schemas: [coreGroup], displayName: 'target' })
    ids = { USER: user.body.id, GROUP: group.body.id }
  })

  const send = (call: { method: string; path: string; body?: Buffer | undefined; type?: string }) =>
    rawCall(app.url, {
      method: call.method,
      path: `/scim/v2/${tenant.slug}${call.path.replace(/USER|GROUP/g, (name) => ids[name] ?? name)}`,
      headers: {
        authorization: `Bearer ${tenant.token}`,
        ...(call.body && { 'content-type': call.type ?? 'application/scim+json' }),
      },
      ...(call.body && { body: call.body }),
    })

  for (const bad of badRequests) {
    it(`${bad.id ? `${bad.id} ` : ''}${bad.method} ${bad.path.replace(/\?.*/s, '')} with ${bad.name} is ${bad.status} ${bad.scimType ?? ''}`, async () => {
      const answer = await send(bad)
      const body = JSON.parse(answer.text)
      assert.equal(answer.headers['content-type'], 'application/scim+json')
      assert.deepEqual([answer.status, body.scimType], [bad.status, bad.scimType ?? body.scimType], answer.text)
      assert.deepEqual([body.schemas, body.status], [[errorSchema], String(bad.status)])
      assert.match(body.detail, /^\S+ .{15,600}$/s, 'a sentence to act on')
      for (const [prototype, shape] of prototypes) assert.deepEqual(shapeOf(prototype), shape)
      assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    })
  }

  it('SEC-SCIM-10 a query parameter or a name to show that reaches for a prototype is nothing', async () => {
    for (const query of ['__proto__=x', '__proto__[polluted]=x', 'constructor=x', 'attributes=__proto__,constructor.prototype']) {
      const answer = await scim.get(`/Users/${ids.USER}?${query}`)
      assert.equal(answer.status, 200, query)
      assert.equal(Object.hasOwn(answer.body, '__proto__'), false)
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  })

  it('SEC-SCIM-10 a path that names a prototype is 404, an organization of that name 401', async () => {
    for (const path of [
      '/Users/__proto__',
      '/Schemas/__proto__',
      '/ResourceTypes/constructor',
      '/__proto__',
      '/Users/toString',
    ]) {
      assert.equal((await scim.get(path)).status, 404, path)
    }
    const headers = { authorization: `Bearer ${tenant.token}` }
    assert.equal((await rawCall(app.url, { path: '/scim/v2/__proto__/Users', headers })).status, 401)
  })

  it('SEC-SCIM-12 a filter in an address larger than any server reads is 4xx with a sentence, and the server goes on', async () => {
    for (const filter of ['(', '.', 'a'].map((letter) => letter.repeat(1_000_000))) {
      const answer = await send({ method: 'GET', path: `/Users?filter=${filter}` })
      assert.equal(answer.status, 431)
      assert.match(JSON.parse(answer.text).detail, /filter.*\/\.search/)
    }
    assert.equal((await scim.get(`/Users/${ids.USER}`)).status, 200)
  })

  it('SEC-SCIM-12 a filter of the largest size allowed is read, however it is encoded', async () => {
    const filter = `title eq "${'ü'.repeat((8192 - 12) / 2)}x"`
    assert.equal(Buffer.byteLength(filter), 8192)
    const answer = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
    assert.deepEqual([answer.status, answer.body.totalResults], [200, 0])
    assert.equal((await scim.get(`/Users?filter=${encodeURIComponent(filter)}%20`)).body.scimType, 'invalidFilter')
  })

  it('SEC-SCIM-23 takes scim+json and json with any charset, and no other content', async () => {
    const body = Buffer.from(JSON.stringify({ schemas: [coreUser], userName: 'typed' }))
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data', 'application/scim+json, text/plain']) {
      const answer = await send({ method: 'POST', path: '/Users', body, type })
      assert.deepEqual([answer.status, JSON.parse(answer.text).status], [415, '415'], type)
    }
    for (const type of ['application/json', 'application/scim+json;charset=utf-8', 'Application/JSON; charset=iso-8859-1']) {
      const answer = await send({ method: 'POST', path: '/Users', body, type })
      assert.ok([201, 409].includes(answer.status), `${type}: ${answer.text}`)
    }
  })

  it('leaves what it was aimed at as it was', async () => {
    const { body } = await scim.get(`/Users/${ids.USER}`)
    assert.deepEqual([body.meta.version, body.emails], ['W/"1"', [{ value: 'a@example.com', type: 'work' }]])
    const counted = await scim.filter('/Users', 'userName eq "bad"')
    assert.equal(counted.body.totalResults, 0)
  })
})
