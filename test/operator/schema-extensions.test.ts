import assert from 'node:assert/strict'
import { sharedTestApp, type TestApp, type TestTenant } from '../support/app.js'
import { operatorClient } from '../support/operator-client.js'

const urn = 'urn:acme:params:scim:schemas:extension:hr:2.0:User'

describe("an organization's own attributes", () => {
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

  const badge = { name: 'badge', type: 'string', description: 'Number on the badge.' }
  const hr = { urn, resourceType: 'User', name: 'HR', attributes: [badge] }
  const path = () => `/organizations/${tenant.slug}/schema-extensions`
  const define = (input: object) => operator('POST', path(), input)
  const list = async () => (await operator('GET', path())).body.items
  const schemaVersion = async () => {
    const [row] = await app.core.db('organizations').where({ org_id: tenant.orgId })
    return row.schema_version as number
  }
  const events = async () =>
    (await app.core.db('audit_events').where({ org_id: tenant.orgId, target_type: 'schema_extension' }).orderBy('seq')).map(
      (row) => row.event as string,
    )

  it('are defined with every characteristic filled in, and move the schema version', async () => {
    const { status, body } = await define(hr)
    assert.equal(status, 200)
    assert.equal(body.extension.attributes[0].mutability, 'readWrite')
    assert.deepEqual(body.differences, [{ attribute: urn, change: 'added', resources: 0, effect: 'none' }])
    assert.deepEqual(await list(), [body.extension])
    assert.equal(await schemaVersion(), 2)
    assert.deepEqual(await events(), ['schema_extension.defined'])
  })

  it('stay as they are when defined the same way again', async () => {
    const first = await define(hr)
    const again = await define({ ...hr, urn: urn.toUpperCase().replace('URN', 'urn') })
    assert.deepEqual(again.body, { extension: first.body.extension, differences: [] })
    assert.equal(await schemaVersion(), 2)
    assert.equal((await events()).length, 1)
  })

  it('may grow and be described anew', async () => {
    await define(hr)
    const grown = {
      ...hr,
      name: 'People',
      attributes: [
        { ...badge, description: 'New words.', caseExact: true },
        { name: 'locker', type: 'integer' },
      ],
    }
    const { status, body } = await define(grown)
    assert.equal(status, 200)
    assert.deepEqual(
      body.extension.attributes.map((attribute: { name: string; description: string }) => [
        attribute.name,
        attribute.description,
      ]),
      [
        ['badge', 'New words.'],
        ['locker', ''],
      ],
    )
    assert.equal((await list()).length, 1)
    assert.equal(await schemaVersion(), 3)
    assert.deepEqual(await events(), ['schema_extension.defined', 'schema_extension.updated'])
  })

  const complex = { name: 'desk', type: 'complex', subAttributes: [{ name: 'floor' }, { name: 'room' }] }
  const changes: readonly (readonly [what: string, attributes: object[], more?: object])[] = [
    ['another type', [{ ...badge, type: 'integer' }, complex]],
    ['several values', [{ ...badge, multiValued: true }, complex]],
    ['a missing attribute', [complex]],
    ['another spelling', [{ ...badge, name: 'Badge' }, complex]],
    ['a missing sub-attribute', [badge, { ...complex, subAttributes: [{ name: 'floor' }] }]],
    ['a changed sub-attribute', [badge, { ...complex, subAttributes: [{ name: 'floor', type: 'integer' }, { name: 'room' }] }]],
    ['a new required attribute', [badge, complex, { name: 'must', required: true }]],
    ['a new duty for every resource', [badge, complex], { required: true }],
  ]
  const user = async (userName: string, own?: object) => {
    const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json' }
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User', ...(own ? [urn] : [])]
    const body = JSON.stringify({ schemas, userName, ...(own && { [urn]: own }) })
    const made = await fetch(`${tenant.baseUrl}/Users`, { method: 'POST', headers, body })
    assert.equal(made.status, 201, await made.text())
  }

  for (const [what, attributes, more] of changes) {
    it(`take ${what} while nobody has data that it concerns, else only where the loss is accepted`, async () => {
      await define({ ...hr, attributes: [badge, complex] })
      assert.equal((await define({ ...hr, attributes, ...more })).status, 200)
      tenant = await app.createOrganization()
      await define({ ...hr, attributes: [badge, complex] })
      await user('ada', { badge: 'B', desk: { floor: '1', room: 'x' } })
      await user('bob')
      const refused = await define({ ...hr, attributes, ...more })
      assert.deepEqual([refused.status, refused.body.type], [409, 'urn:gatehouse:problem:data_would_not_fit'])
      assert.ok(refused.body.errors.some(({ detail }: { detail: string }) => detail.includes('; 1 resource holds data')))
      assert.equal(await schemaVersion(), 2)
      const accepted = await operator('POST', `${path()}?onLoss=accept`, { ...hr, attributes, ...more })
      assert.equal(accepted.status, 200)
      assert.ok(accepted.body.differences.some(({ resources }: { resources: number }) => resources === 1))
      assert.equal(await schemaVersion(), 3)
    })
  }

  it('are taken away from one type or the other, with the data where its loss is accepted', async () => {
    await define(hr)
    await user('ada', { badge: '7' })
    const refused = await operator('DELETE', `${path()}/User/${urn}`)
    assert.deepEqual([refused.status, refused.body.type], [409, 'urn:gatehouse:problem:data_would_not_fit'])
    const removed = await operator('DELETE', `${path()}/user/${urn}?onLoss=accept`)
    assert.deepEqual(removed.body.differences, [{ attribute: urn, change: 'removed', resources: 1, effect: 'dropped' }])
    assert.deepEqual(await list(), [])
    assert.equal((await operator('DELETE', `${path()}/User/${urn}`)).status, 404)
    assert.equal((await operator('DELETE', `${path()}/User/${urn}?onLoss=perhaps`)).status, 400)
    assert.deepEqual(await events(), ['schema_extension.defined', 'schema_extension.removed'])
  })

  const wrong: readonly (readonly [what: string, input: object])[] = [
    ['a URN of the core schemas', { urn: 'urn:ietf:params:scim:schemas:core:2.0:User' }],
    ['the URN of the enterprise schema, in whatever case', { urn: 'urn:ietf:params:scim:schemas:extension:Enterprise:2.0:user' }],
    ['the URN of a message', { urn: 'urn:ietf:params:scim:api:messages:2.0:Error' }],
    ['what is no URN', { urn: 'acme' }],
    ['a resource type that cannot be extended', { resourceType: 'Robot' }],
    ['no attribute at all', { attributes: [] }],
    ['the same attribute twice, in whatever case', { attributes: [badge, { name: 'BADGE' }] }],
    ['the same sub-attribute twice', { attributes: [{ ...complex, subAttributes: [{ name: 'a' }, { name: 'A' }] }] }],
    ['a complex attribute without sub-attributes', { attributes: [{ name: 'a', type: 'complex' }] }],
    ['SEC-SCIM-10 a name that names a prototype', { attributes: [{ name: 'constructor' }] }],
    ['a characteristic that does not exist', { attributes: [{ ...badge, colour: 'red' }] }],
  ]
  for (const [what, input] of wrong) {
    it(`refuse ${what}`, async () => {
      const { status } = await define({ ...hr, ...input })
      assert.equal(status, 400)
      assert.deepEqual(await list(), [])
    })
  }

  it('may be named as Entra asks for', async () => {
    assert.equal(
      (await define({ ...hr, urn: 'urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User' })).status,
      200,
    )
  })

  it('belong to their organization, and to users and groups apart', async () => {
    await define(hr)
    assert.equal((await define({ ...hr, resourceType: 'Group' })).status, 200)
    assert.equal((await list()).length, 2)
    tenant = await app.createOrganization()
    assert.deepEqual(await list(), [])
  })

  it('are there at the SCIM door with the next request', async () => {
    await define(hr)
    const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json' }
    const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', urn], userName: 'mira', [urn]: { badge: '7' } }
    const made = await fetch(`${tenant.baseUrl}/Users`, { method: 'POST', headers, body: JSON.stringify(user) })
    assert.deepEqual(((await made.json()) as Record<string, unknown>)[urn], { badge: '7' })
    assert.equal((await fetch(`${tenant.baseUrl}/Schemas/${urn}`, { headers })).status, 200)
  })
})
