import assert from 'node:assert/strict'
import { loadConfig } from '../../src/platform/config.js'
import { define } from '../support/extension.js'
import { rawCall } from '../support/raw-http.js'
import { coreGroup, coreUser, errorSchema } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** What was decided where clients, tests and RFC disagree, under the profile `generic`. */

describe('decisions of the generic profile', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant({ profile: 'generic' })
  })

  it('a PATCH that works is 200 with the resource, honouring attributes and excludedAttributes', async () => {
    const { id } = await tenant.user('d-patch', { nickName: 'n' })
    const replace = [{ op: 'replace', path: 'title', value: 'x' }]
    const whole = await tenant.scim.patch(`/Users/${id}`, replace)
    assert.deepEqual([whole.status, whole.body.title, whole.body.nickName], [200, 'x', 'n'])
    assert.equal(whole.headers.get('etag'), whole.body.meta.version)
    const some = await tenant.scim.patch(`/Users/${id}?attributes=title`, replace)
    assert.deepEqual(Object.keys(some.body).sort(), ['id', 'schemas', 'title'])
    const rest = await tenant.scim.patch(`/Users/${id}?excludedAttributes=title,meta`, replace)
    assert.deepEqual([rest.body.title, rest.body.meta, rest.body.nickName], [undefined, undefined, 'n'])
    const group = await tenant.group('d-patch', [id])
    const renamed = await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'displayName', value: 'd-renamed' }])
    assert.deepEqual([renamed.status, renamed.body.displayName, renamed.body.members.length], [200, 'd-renamed', 1])
  })

  it('the profiles of Entra answer 204 to a PATCH of a group, with the new version', async () => {
    const entra = await newTenant({ profile: 'entra' })
    const { id } = await entra.group('d-204')
    const answer = await entra.scim.patch(`/Groups/${id}`, [{ op: 'replace', path: 'displayName', value: 'd-205' }])
    assert.deepEqual([answer.status, answer.text, answer.headers.get('etag')], [204, '', 'W/"2"'])
  })

  it('an attribute outside the schema is ignored in POST, PUT and a value without path; in a path it is 400', async () => {
    const odd = { shoeSize: 44, 'urn:nobody:User': { a: 1 }, name: { givenName: 'A', nick: 'B' } }
    const created = await tenant.user('d-unknown', odd)
    assert.deepEqual([created.name, created.shoeSize], [{ givenName: 'A' }, undefined])
    const put = await tenant.scim.put(`/Users/${created.id}`, {
      schemas: [coreUser, 'urn:nobody:User'],
      userName: 'd-unknown',
      ...odd,
    })
    assert.equal(put.status, 200)
    assert.equal((await tenant.scim.patch(`/Users/${created.id}`, [{ op: 'add', value: { shoeSize: 44 } }])).status, 200)
    for (const path of ['shoeSize', 'name.nick', 'urn:nobody:User:a', 'emails.shoe', 'title.x']) {
      const answer = await tenant.scim.patch(`/Users/${created.id}`, [{ op: 'add', path, value: 44 }])
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidPath'], path)
    }
  })

  it('an attribute outside the schema is 400 invalidSyntax under the strict profile', async () => {
    const strict = await newTenant({ profile: 'rfc' })
    const answer = await strict.scim.post('/Users', { schemas: [coreUser], userName: 'd-strict', shoeSize: 44 })
    assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidSyntax'])
  })

  it('read-only attributes, an empty groups, a password, id and meta in a POST are no reason to refuse it', async () => {
    const sent = { id: 'x', meta: { resourceType: 'Owner' }, groups: [], password: 'p', externalId: 'd-readonly' }
    const created = await tenant.user('d-readonly', sent)
    assert.notEqual(created.id, 'x')
    assert.deepEqual([created.meta.resourceType, created.groups, created.password], ['User', undefined, undefined])
    const group = await tenant.group('d-readonly', [], { id: 'x', meta: {} })
    assert.notEqual(group.id, 'x')
  })

  it('"True" and "False" are read as booleans and answered as JSON booleans', async () => {
    const sent = { active: 'False', emails: [{ value: 'a@example.com', primary: 'True' }] }
    const created = await tenant.user('d-strings', sent)
    assert.deepEqual([created.active, created.emails], [false, [{ value: 'a@example.com', primary: true }]])
    for (const filter of ['active eq "False"', 'active eq False', 'active eq false', 'emails[primary eq "True"]']) {
      const found = await tenant.scim.filter('/Users', `userName eq "d-strings" and ${filter}`)
      assert.deepEqual([found.status, found.body.totalResults], [200, 1], filter)
    }
  })

  it('a type beyond the canonical values is taken and kept', async () => {
    const sent = { emails: [{ value: 'a@example.com', type: 'Otherish' }], phoneNumbers: [{ value: '1', type: 'satellite' }] }
    const created = await tenant.user('d-types', sent)
    assert.deepEqual([created.emails, created.phoneNumbers], [sent.emails, sent.phoneNumbers])
  })

  it('a member who is nobody is 400 invalidValue, a manager who is nobody is kept and shown', async () => {
    const nobody = '018f0000-0000-7000-8000-000000000000'
    const group = await tenant.scim.post('/Groups', { schemas: [coreGroup], displayName: 'd', members: [{ value: nobody }] })
    assert.deepEqual([group.status, group.body.scimType], [400, 'invalidValue'])
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    for (const value of [nobody, 'CN=Boss,OU=People', 'boss@example.com']) {
      const created = await tenant.user(`d-manager ${value}`, { [enterprise]: { manager: { value } } })
      assert.equal(created[enterprise].manager.value, value)
    }
  })

  it('a profileUrl and a locale that are none are kept as sent', async () => {
    const sent = { profileUrl: 'not a url', locale: 'Klingon (Qo’noS)', preferredLanguage: '??', timezone: 'Mars/Olympus' }
    const created = await tenant.user('d-odd', sent)
    for (const [name, value] of Object.entries(sent)) assert.equal(created[name], value)
  })

  it('a filter on a discovery endpoint is 403', async () => {
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig', `/Schemas/${coreUser}`]) {
      const answer = await tenant.scim.get(`${path}?filter=id+pr`)
      assert.deepEqual([answer.status, answer.body.status, answer.body.schemas], [403, '403', [errorSchema]], path)
    }
  })

  it('every answer is application/scim+json, without a charset; bodies may come with any charset, or as application/json', async () => {
    const body = { schemas: [coreUser], userName: 'd-types-of-content' }
    const types = [
      'application/json',
      'application/json; charset=UTF-8',
      'application/scim+json; charset="utf-8"',
      'application/SCIM+JSON',
    ]
    for (const [at, type] of types.entries()) {
      const answer = await tenant.scim.post('/Users', { ...body, userName: `${body.userName}-${at}` }, { 'content-type': type })
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [201, 'application/scim+json'], type)
    }
    for (const path of ['/Users', '/Schemas', '/Users/x', '/Nothing', '/Users?filter=(']) {
      const answer = await tenant.scim.get(path, { accept: 'application/json' })
      assert.equal(answer.headers.get('content-type'), 'application/scim+json', path)
    }
    assert.equal(
      (await rawCall(tenant.app.url, { path: `/scim/v2/${tenant.slug}/Users` })).headers['content-type'],
      'application/scim+json',
    )
  })

  it('an e-mail address and a userName keep their case and are compared without', async () => {
    const { id } = await tenant.user('D-Case@Example.COM', { emails: [{ value: 'D.Case@Example.COM', type: 'work' }] })
    for (const filter of [
      'userName eq "d-case@example.com"',
      'emails.value eq "D.CASE@EXAMPLE.COM"',
      'emails[value eq "d.case@example.com"]',
    ]) {
      const { body } = await tenant.scim.filter('/Users', filter)
      assert.deepEqual(
        body.Resources.map((user: Resource) => [user.id, user.userName, user.emails[0].value]),
        [[id, 'D-Case@Example.COM', 'D.Case@Example.COM']],
        filter,
      )
    }
    const operation = { op: 'add', path: 'emails', value: [{ value: 'd.CASE@example.com', type: 'WORK' }] }
    const again = await tenant.scim.patch(`/Users/${id}`, [operation])
    assert.deepEqual([again.body.emails, again.body.meta.version], [[{ value: 'D.Case@Example.COM', type: 'work' }], 'W/"1"'])
  })

  it('meta.location and $ref are absolute and built from the public address, never from what a request says of its host', async () => {
    assert.throws(() => loadConfig({ PUBLIC_URL: 'id.example.com' }))
    const user = await tenant.user('d-proxy')
    const group = await tenant.group('d-proxy', [user.id])
    const forged = {
      authorization: `Bearer ${tenant.token}`,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    }
    const path = new URL(tenant.baseUrl).pathname
    const read = async (target: string) =>
      JSON.parse((await rawCall(tenant.app.url, { path: path + target, headers: forged })).text)
    const [shown, members] = [await read(`/Users/${user.id}`), await read(`/Groups/${group.id}`)]
    assert.equal(shown.meta.location, `${tenant.baseUrl}/Users/${user.id}`)
    assert.equal(shown.groups[0].$ref, `${tenant.baseUrl}/Groups/${group.id}`)
    assert.equal(members.members[0].$ref, `${tenant.baseUrl}/Users/${user.id}`)
    assert.doesNotMatch(JSON.stringify([shown, members, await read('/Schemas'), await read('/ResourceTypes')]), /evil/)
  })

  it('an immutable attribute may be set once, also later than at birth', async () => {
    const urn = 'urn:acme:once'
    await define(tenant, { urn, resourceType: 'User', name: 'Once', attributes: [{ name: 'serial', mutability: 'immutable' }] })
    const { id } = await tenant.user('d-once')
    const set = (value: string) => tenant.scim.patch(`/Users/${id}`, [{ op: 'add', path: `${urn}:serial`, value }])
    assert.equal((await set('1')).body[urn].serial, '1')
    const again = await set('2')
    assert.deepEqual([again.status, again.body.scimType], [400, 'mutability'])
  })
})
