import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { rawCall } from '../support/raw-http.js'
import { coreGroup, coreUser } from '../support/scim-client.js'
import { newTenant, type Tenant } from '../support/tenant.js'

/** Sentences of RFC 7643 and 7644 that all or most servers miss, by section. */

describe('sentences of the RFCs that servers miss', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant()
  })

  it('7644 §3.5.2.1 adding a value already there moves neither lastModified nor version, however it is spelled', async () => {
    const sent = { title: 'T', emails: [{ value: 'a@example.com', type: 'work', primary: true }], name: { givenName: 'A' } }
    const user = await tenant.user('already', sent)
    const group = await tenant.group('already', [user.id])
    const { meta } = (await tenant.scim.get(`/Users/${user.id}`)).body
    const same: JsonObject[][] = [
      [{ op: 'add', path: 'title', value: 'T' }],
      [{ op: 'add', path: 'emails', value: [{ value: 'a@example.com', type: 'work', primary: true }] }],
      [{ op: 'add', path: 'emails', value: { value: 'A@EXAMPLE.COM', type: 'Work' } }],
      [{ op: 'add', value: { name: { givenName: 'A' }, title: 'T' } }],
      [{ op: 'replace', value: { active: true, userName: 'already' } }],
      [{ op: 'remove', path: 'nickName' }],
      [
        { op: 'replace', path: 'title', value: 'U' },
        { op: 'replace', path: 'title', value: 'T' },
      ],
    ]
    for (const operations of same) {
      const answer = await tenant.scim.patch(`/Users/${user.id}`, operations)
      assert.deepEqual([answer.status, answer.body.meta], [200, meta], JSON.stringify(operations))
    }
    const member = await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: user.id }] }])
    assert.deepEqual([member.status, member.body.meta], [200, group.meta])
    const put = await tenant.scim.put(`/Users/${user.id}`, { schemas: [coreUser], userName: 'already', ...sent })
    assert.deepEqual([put.status, put.body.meta], [200, meta])
    const events = await tenant.rows('audit_events', { target_id: user.id })
    assert.deepEqual(
      events.map((row) => row.event),
      ['user.created'],
    )
  })

  it('7644 §3.4.2.2 gt, ge, lt and le on a boolean, and on a binary, are 400 invalidFilter', async () => {
    for (const op of ['gt', 'ge', 'lt', 'le']) {
      for (const filter of [`active ${op} true`, `emails[primary ${op} false]`, `x509Certificates.value ${op} "YQ=="`]) {
        const answer = await tenant.scim.filter('/Users', filter)
        assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidFilter'], filter)
      }
    }
  })

  it('7643 §2.4 a (type, value) pair never comes back twice', async () => {
    const pair = { value: 'a@example.com', type: 'work' }
    const created = await tenant.user('pairs', { emails: [pair, { ...pair, display: 'A' }, { ...pair, type: 'home' }] })
    assert.deepEqual(created.emails, [
      { ...pair, display: 'A' },
      { ...pair, type: 'home' },
    ])
    const moved = await tenant.scim.patch(`/Users/${created.id}`, [
      { op: 'replace', path: 'emails[type eq "home"].type', value: 'work' },
    ])
    assert.deepEqual([moved.status, moved.body.emails], [200, [{ ...pair, display: 'A' }]])
  })

  it('7643 §2.4 a second primary: true unsets the first', async () => {
    const emails = [{ value: 'a@example.com', primary: true }, { value: 'b@example.com' }]
    const { id } = await tenant.user('primaries', { emails })
    const added = await tenant.scim.patch(`/Users/${id}`, [
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com', primary: true }] },
    ])
    const primaries = (body: { emails: { value: string; primary?: boolean }[] }) =>
      body.emails.filter((email) => email.primary).map((email) => email.value)
    assert.deepEqual(primaries(added.body), ['c@example.com'])
    const path = 'emails[value eq "b@example.com"].primary'
    assert.deepEqual(primaries((await tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path, value: true }])).body), [
      'b@example.com',
    ])
    const two = emails.map((email) => ({ ...email, primary: true }))
    const refused = await tenant.scim.put(`/Users/${id}`, { schemas: [coreUser], userName: 'primaries', emails: two })
    assert.deepEqual([refused.status, refused.body.scimType], [400, 'invalidValue'])
  })

  it('RFC 7235 §3.1 a 401 carries WWW-Authenticate', async () => {
    const answer = await rawCall(tenant.app.url, { path: `/scim/v2/${tenant.slug}/Users` })
    assert.equal(answer.status, 401)
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer /)
    assert.equal(JSON.parse(answer.text).status, '401')
  })

  it('7644 §3.3 a 201 carries the Location that the resource has', async () => {
    const bodies = {
      '/Users': { schemas: [coreUser], userName: 'located' },
      '/Groups': { schemas: [coreGroup], displayName: 'located' },
    }
    for (const [path, body] of Object.entries(bodies)) {
      const answer = await tenant.scim.post(`${path}?attributes=id`, body)
      assert.deepEqual([answer.status, answer.headers.get('location')], [201, `${tenant.baseUrl}${path}/${answer.body.id}`])
      assert.equal((await tenant.scim.get(`${path}/${answer.body.id}`)).body.meta.location, answer.headers.get('location'))
    }
  })

  it('7644 §3.12 more operations than are taken at once are 413', async () => {
    const { id } = await tenant.user('too many')
    const operations = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ op: 'replace', path: 'title', value: `t${at}` }))
    const answer = await tenant.scim.patch(`/Users/${id}`, operations(1001))
    assert.deepEqual([answer.status, answer.body.status], [413, '413'])
    const most = await tenant.scim.patch(`/Users/${id}`, operations(1000))
    assert.deepEqual([most.status, most.body.title, most.body.meta.version], [200, 't999', 'W/"2"'])
  })

  it('7644 §3.5.1 a PUT without a required attribute is 400', async () => {
    const user = await tenant.user('required')
    const group = await tenant.group('required')
    for (const userName of [undefined, null, '', '  ']) {
      const body = { schemas: [coreUser], ...(userName !== undefined && { userName }) }
      const answer = await tenant.scim.put(`/Users/${user.id}`, body)
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'], String(userName))
    }
    assert.equal((await tenant.scim.put(`/Groups/${group.id}`, { schemas: [coreGroup] })).status, 400)
    assert.equal((await tenant.scim.put(`/Users/${user.id}`, { userName: 'required' })).body.scimType, 'invalidSyntax')
    assert.deepEqual((await tenant.scim.get(`/Users/${user.id}`)).body, user)
  })

  it('7644 §3.4.2.2 a filter of one word, without an operator, is 400', async () => {
    for (const filter of ['word', 'userName', 'userName eq', '"ada"', 'not', 'userName eq "a" or']) {
      const answer = await tenant.scim.filter('/Users', filter)
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidFilter'], filter)
    }
  })

  it('RFC 9110 §15.5.6 the method is looked at before the body, and a 405 says what is allowed', async () => {
    const { id } = await tenant.user('methods')
    const tried: [method: string, path: string, allow: string][] = [
      ['POST', '/Schemas', 'GET, HEAD'],
      ['PUT', '/ServiceProviderConfig', 'GET, HEAD'],
      ['DELETE', '/ResourceTypes/User', 'GET, HEAD'],
      ['PATCH', '/Users', 'GET, HEAD, POST'],
      ['DELETE', '/Groups', 'GET, HEAD, POST'],
      ['POST', `/Users/${id}`, 'GET, HEAD, PUT, PATCH, DELETE'],
      ['OPTIONS', `/Users/${id}`, 'GET, HEAD, PUT, PATCH, DELETE'],
    ]
    for (const [method, path, allow] of tried) {
      const answer = await tenant.scim.call(method, path, 'this is no JSON', { 'content-type': 'text/plain' })
      assert.deepEqual([answer.status, answer.body.status], [405, '405'], `${method} ${path}`)
      assert.equal(answer.headers.get('allow'), allow, path)
    }
  })
})
