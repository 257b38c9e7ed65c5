import assert from 'node:assert/strict'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { rawCall } from '../support/raw-http.js'

/** Nobody unknown learns anything below a door, however the path is spelled (SEC-SCIM-1). */

describe('unknown callers', () => {
  let app: TestApp
  let tenant: TestTenant

  before(async () => {
    app = await sharedTestApp()
    tenant = await app.createOrganization()
  })

  const below = ['/Users', '/Groups', '/ServiceProviderConfig', '/Schemas', '/Nothing']

  const spell = (path: string): string[] => {
    const slug = tenant.slug
    return [
      `/scim/v2/${slug}${path}`,
      `/scim/${slug}${path}`,
      `/scim/v2/${slug}${path}/`,
      `/scim/v2/${slug}/${path}`,
      `//scim/v2/${slug}${path}`,
      `/scim//v2/${slug}${path}`,
      `/SCIM/V2/${slug}${path.toLowerCase()}`,
      `/scim/v2/${slug}${path.replace('/', '%2f')}`,
      `/scim/v2/${slug}/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`,
      `/scim/v2/${slug}/%25${path.charCodeAt(1).toString(16)}${path.slice(2)}`,
      `/%73cim/v2/${slug}${path}`,
      `/%2573cim/v2/${slug}${path}`,
      `/scim%2fv2%2f${slug}${path}`,
      `/scim/v2/${slug}${path};x=1`,
      `/scim;x=1/v2/${slug}${path}`,
      `/scim/v2/${slug}/.${path}`,
      `/scim/v2/${slug}/x/..${path}`,
      `/x/../scim/v2/${slug}${path}`,
      `/x/%2e%2e/scim/v2/${slug}${path}`,
      `/healthz/live/../../scim/v2/${slug}${path}`,
      `/scim/v2/../../healthz/live`,
      `/scim/v2/${slug}${path}%00`,
      `/scim/v2/${slug}${path}%`,
      `/scim/v2/${slug}\\${path.slice(1)}`,
      `/scim/v2/${slug}${path}?filter=a`,
      `/scim/v2/nobody${path}`,
      `/scim`,
      `/operator/v1/organizations`,
      `/operator/v1${path}`,
      `/Operator/v1//organizations`,
      `/operator%2fv1/organizations`,
    ]
  }

  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']

  for (const method of methods) {
    it(`SEC-SCIM-1 get 401 and a challenge to ${method} under every spelling of a path`, async () => {
      for (const path of below.flatMap(spell)) {
        const reply = await rawCall(app.url, { method, path })
        assert.equal(reply.status, 401, `${method} ${path}`)
        assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer /, path)
        assert.equal(reply.headers.allow, undefined, path)
      }
    })
  }

  it('SEC-SCIM-1 get the same 401 whatever they present as a token', async () => {
    const { token } = tenant
    const other = token.endsWith('a') ? 'b' : 'a'
    const presented = [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${token.slice(0, -1)}${other}`,
      `Basic ${token}`,
      token,
      `Bearer ${token} x`,
      `Bearer ${token.toLowerCase()}`,
    ]
    const answers = new Set<string>()
    for (const authorization of presented) {
      const reply = await rawCall(app.url, { path: `/scim/v2/${tenant.slug}/Nothing`, headers: { authorization } })
      assert.equal(reply.status, 401, authorization)
      answers.add(JSON.stringify([reply.headers['www-authenticate'], Object.keys(JSON.parse(reply.text))]))
    }
    assert.equal(answers.size, 1)
  })

  it('SEC-SCIM-1 have no body read: a large one is answered at once', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '100000000' }
    const { request } = await import('node:http')
    const status = await new Promise((done, failed) => {
      const sent = request(`${tenant.baseUrl}/Users`, { method: 'POST', headers, agent: false }, (reply) => {
        reply.resume()
        sent.destroy()
        done(reply.statusCode)
      })
      sent.on('error', failed)
      sent.write('{')
    })
    assert.equal(status, 401)
  })

  it('SEC-SCIM-23 a known caller gets 413 for a body of 10 MB, and the server goes on', async () => {
    const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json' }
    const call = { method: 'POST', path: `/scim/v2/${tenant.slug}/Users`, headers }
    assert.equal((await rawCall(app.url, { ...call, body: Buffer.alloc(10 * 1024 * 1024, ' ') })).status, 413)
    assert.equal((await rawCall(app.url, { ...call, body: '{}' })).status, 400)
  })
})
