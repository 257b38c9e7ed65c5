import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { callMadeBy, type Logged } from '../support/provisioning.js'
import { coreUser } from '../support/scim-client.js'
import { newTenant, type Tenant } from '../support/tenant.js'

/** What the provisioning log keeps of a call beside its line. */

describe('behind a line of the provisioning log', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant({ profile: 'entra' })
  })

  const behind = (work: () => Promise<unknown>): Promise<Logged> => callMadeBy(tenant, work)

  it('stands who called, by which request, when, and how it ended', async () => {
    const before = Date.now()
    const call = await behind(() =>
      tenant.scim.call(
        'POST',
        '/Users',
        { schemas: [coreUser], userName: 'who' },
        { 'x-request-id': 'req-42', 'user-agent': 'IdP/1.0' },
      ),
    )
    const { orgId, connectionId, tokenId, requestId, method, route, path, status, scimType, profile, userAgent } = call
    assert.deepEqual(
      { orgId, connectionId, tokenId, requestId, method, route, path, status, scimType, profile, userAgent },
      {
        orgId: tenant.orgId,
        connectionId: tenant.connectionId,
        tokenId: tenant.tokenId,
        requestId: 'req-42',
        method: 'POST',
        route: 'scim.users.create',
        path: '/Users',
        status: 201,
        scimType: null,
        profile: 'entra',
        userAgent: 'IdP/1.0',
      },
    )
    assert.ok(call.ms > 0 && call.at.getTime() >= before - 1 && call.at.getTime() <= Date.now())
    assert.deepEqual([call.target?.type, call.target?.name], ['User', 'who'])
  })

  it('stand the request as sent, what was understood, and what it changed: the audit events of this call and of no other', async () => {
    const user = await tenant.user('behind', { title: 'old' })
    await tenant.scim.patch(`/Users/${user.id}`, [{ op: 'replace', path: 'title', value: 'older' }], { 'x-request-id': 'twice' })
    const operations = [
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Add', value: { 'name.givenName': 'Ada' } },
    ]
    const call = await behind(() => tenant.scim.patch(`/Users/${user.id}`, operations, { 'x-request-id': 'twice' }))
    assert.deepEqual((call.request as { body: JsonObject }).body.Operations, operations)
    assert.deepEqual(call.understood, {
      operations: [
        { op: 'replace', path: 'active', value: false },
        { op: 'add', path: 'name.givenName', value: 'Ada' },
      ],
    })
    assert.equal(call.response, null)
    assert.deepEqual(
      call.events.map(({ event, changed }) => [event, Object.keys(changed)]),
      [
        ['user.updated', ['name']],
        ['user.deactivated', []],
      ],
    )
    const audited = await tenant.rows('audit_events', { request_id: 'twice', target_id: user.id })
    assert.deepEqual(new Set(audited.map(({ id }) => id)).size, 3)
    assert.ok(call.events.every(({ id }) => audited.some((event) => event.id === id)))
  })

  it('stand the filter of a query and the answer of a failure', async () => {
    const search = await behind(() => tenant.scim.get('/Users?filter=userName%20eq%20%22a%22&count=5&aadOptscim062020'))
    assert.deepEqual(search.request, {
      query: { filter: 'userName eq "a"', count: '5', aadOptscim062020: '[not stored]' },
    })
    const refused = await behind(() => tenant.scim.filter('/Users', 'userName zz "a"'))
    assert.deepEqual([refused.status, refused.scimType], [400, 'invalidFilter'])
    assert.equal((refused.response as JsonObject).scimType, 'invalidFilter')
    assert.match(String((refused.response as JsonObject).detail), /no operator/)
  })

  it('stands nothing of a change that was rolled back', async () => {
    const group = await tenant.group('rolled back')
    const call = await behind(() =>
      tenant.scim.patch(`/Groups/${group.id}`, [
        { op: 'replace', path: 'displayName', value: 'renamed' },
        { op: 'add', path: 'members', value: [{ value: group.id.replace(/^.{8}/, '00000000') }] },
      ]),
    )
    assert.deepEqual([call.status, call.events], [400, []])
    assert.match(call.line, /^refused to update group "rolled back": A member names nobody in this directory/)
  })

  it('SEC-SCIM-13 stands no password, and no value of what the schema does not know', async () => {
    const call = await behind(() =>
      tenant.scim.post('/Users', {
        schemas: [coreUser],
        userName: 'secretive',
        password: 'Tr0ub4dor&3',
        shoe: { size: 'Tr0ub4dor&3' },
      }),
    )
    assert.deepEqual((call.request as { body: JsonObject }).body, {
      schemas: [coreUser],
      userName: 'secretive',
      password: '[not stored]',
      shoe: '[not stored]',
    })
    const rows = await tenant.app.core.db.raw('select to_jsonb(l)::text as row from provisioning_log l where l.org_id = ?', [
      tenant.orgId,
    ])
    const all = JSON.stringify(rows.rows)
    for (const secret of ['Tr0ub4dor', tenant.token, tenant.token.slice(4, 40)]) assert.ok(!all.includes(secret), secret)
  })

  it('stands a large body as far as there is room, and that it was cut', async () => {
    const emails = Array.from({ length: 900 }, (_, at) => ({
      value: `someone-with-a-long-address-${at}@example.com`,
      display: 'x'.repeat(60),
    }))
    const call = await behind(() => tenant.scim.post('/Users', { schemas: [coreUser], userName: 'large', emails }))
    assert.equal(call.status, 201)
    assert.equal((call.request as JsonObject).cut, true)
    const text = JSON.stringify(call.request)
    assert.ok(text.length > 32_000 && text.length < 100_000, `${text.length}`)
    assert.match(text, /\[cut: \d+ more\]/)
  })
})
