import assert from 'node:assert/strict'
import { reservedEndpoints } from '../../src/contract/resource-type.js'
import { operatorEndpoints } from '../../src/operator/endpoints.js'
import { scimEndpoints } from '../../src/scim/endpoints.js'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { operatorClient } from '../support/operator-client.js'

describe('resource types at the operator door', () => {
  let app: TestApp
  let tenant: TestTenant
  let operator: ReturnType<typeof operatorClient>

  before(async () => {
    app = await sharedTestApp()
    operator = operatorClient(app.url, await app.createOperatorToken())
  })

  beforeEach(async () => {
    tenant = await app.createOrganization()
  })

  const schema = { urn: 'urn:acme:Device', name: 'Device', attributes: [{ name: 'serial' }] }
  const device = { name: 'Device', endpoint: '/Devices', schema }
  const path = (rest = '') => `/organizations/${tenant.slug}/resource-types${rest}`
  const define = (input: object) => operator('POST', path(), input)
  const events = async () =>
    (await app.core.db('audit_events').where({ org_id: tenant.orgId, target_type: 'resource_type' }).orderBy('seq')).map(
      ({ event }) => event as string,
    )

  it('are declared, listed, shown as they can be declared again, and removed', async () => {
    const { status, body } = await define(device)
    assert.equal(status, 200)
    assert.deepEqual(body.differences, [])
    assert.deepEqual([body.resourceType.extensions, body.resourceType.description], [[], ''])
    assert.deepEqual((await operator('GET', path())).body, { items: [body.resourceType] })
    const shown = await operator('GET', path('/device'))
    assert.deepEqual(shown.body, body.resourceType)
    assert.deepEqual((await define(shown.body)).body, { resourceType: shown.body, differences: [] })
    assert.deepEqual((await operator('DELETE', path('/DEVICE'))).body, shown.body)
    assert.deepEqual([(await operator('GET', path('/Device'))).status, (await operator('GET', path())).body.items], [404, []])
    assert.deepEqual(await events(), ['resource_type.defined', 'resource_type.removed'])
  })

  it('take extensions with them and by themselves', async () => {
    const lease = { urn: 'urn:acme:Lease', name: 'Lease', attributes: [{ name: 'monthly', type: 'decimal' }] }
    await define({ ...device, extensions: [lease] })
    const extension = { ...lease, urn: 'urn:acme:More', resourceType: 'device' }
    const added = await operator('POST', `/organizations/${tenant.slug}/schema-extensions`, extension)
    assert.equal(added.body.extension.resourceType, 'Device')
    const shown = await operator('GET', path('/Device'))
    assert.deepEqual(
      shown.body.extensions.map(({ urn }: { urn: string }) => urn),
      ['urn:acme:Lease', 'urn:acme:More'],
    )
    await operator('DELETE', path('/Device'))
    assert.deepEqual((await operator('GET', `/organizations/${tenant.slug}/schema-extensions`)).body.items, [])
  })

  const wrong: readonly (readonly [what: string, input: object])[] = [
    ['a built-in type', { name: 'user' }],
    ['an endpoint without a slash', { endpoint: 'Devices' }],
    ['an endpoint of two segments', { endpoint: '/Devices/all' }],
    ['an endpoint with what an address escapes', { endpoint: '/Geräte' }],
    ['a URN of the standard', { schema: { ...schema, urn: 'urn:ietf:params:scim:schemas:core:2.0:User' } }],
    ['an attribute that every resource has', { schema: { ...schema, attributes: [{ name: 'ExternalId' }] } }],
    ['no attribute', { schema: { ...schema, attributes: [] } }],
    ['a characteristic that does not exist', { schema: { ...schema, attributes: [{ name: 'a', colour: 'red' }] } }],
    [
      'parts of parts',
      { schema: { ...schema, attributes: [{ name: 'a', type: 'complex', subAttributes: [{ name: 'b', type: 'complex' }] }] } },
    ],
    ['its own URN for an extension', { extensions: [{ ...schema, urn: schema.urn.toUpperCase().replace('URN', 'urn') }] }],
  ]
  for (const [what, input] of wrong) {
    it(`refuse ${what}`, async () => {
      assert.equal((await define({ ...device, ...input })).status, 400)
      assert.deepEqual((await operator('GET', path())).body.items, [])
    })
  }

  it('refuse every address that the SCIM door serves itself, in whatever case', async () => {
    const door = scimEndpoints({ bodyLimitBytes: 0 } as Parameters<typeof scimEndpoints>[0])
    const served = [...new Set(door.map((endpoint) => endpoint.path.split('/')[1] ?? ''))].filter((name) => /^[a-z]/i.test(name))
    assert.ok(served.length >= 7)
    for (const name of served) {
      assert.ok(reservedEndpoints.includes(name.toLowerCase()), name)
      for (const endpoint of [`/${name}`, `/${name.toUpperCase()}`])
        assert.equal((await define({ ...device, endpoint })).status, 400)
    }
  })

  it('are operations of their own, each with an access of its own', () => {
    const own = operatorEndpoints.filter(({ path }) => path.includes('resource-types'))
    assert.deepEqual(
      own.map(({ access }) => access),
      ['define', 'list', 'show', 'remove'].map((operation) => `operator.resource_types.${operation}`),
    )
  })
})
