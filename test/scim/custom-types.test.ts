import assert from 'node:assert/strict'
import { newResourceType } from '../../src/contract/resource-type.js'
import type { JsonObject } from '../../src/platform/json.js'
import { startTestApp } from '../support/app.js'
import { bulkResults, idOf, statuses } from '../support/bulk.js'
import { declare, type TypeInput, undeclare } from '../support/resource-type.js'
import { listSchema, scimClient } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant, tenantOf } from '../support/tenant.js'

/** Resource types that an organization declares are served as users and groups are, and to nobody else. */

const urn = 'urn:acme:scim:2.0:Device'
const lease = 'urn:acme:scim:2.0:Lease'

const device: TypeInput = {
  name: 'Device',
  endpoint: '/Devices',
  description: 'Machines.',
  schema: {
    urn,
    name: 'Device',
    attributes: [
      { name: 'displayName', required: true },
      { name: 'serial', uniqueness: 'server', caseExact: true },
      { name: 'asset', uniqueness: 'global' },
      { name: 'ports', type: 'integer' },
      { name: 'weight', type: 'decimal' },
      { name: 'on', type: 'boolean' },
      { name: 'since', type: 'dateTime' },
      { name: 'key', type: 'binary' },
      { name: 'page', type: 'reference', referenceTypes: ['external'] },
      { name: 'model', mutability: 'immutable' },
      { name: 'seen', mutability: 'readOnly' },
      { name: 'pin', mutability: 'writeOnly', returned: 'never' },
      { name: 'note', returned: 'request' },
      { name: 'rank', returned: 'always' },
      {
        name: 'members',
        type: 'complex',
        multiValued: true,
        subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference' }],
      },
      { name: 'groups', multiValued: true },
      {
        name: 'slots',
        type: 'complex',
        multiValued: true,
        subAttributes: [
          { name: 'value' },
          { name: 'type' },
          { name: 'speed', type: 'integer' },
          { name: 'primary', type: 'boolean' },
        ],
      },
    ],
  },
  extensions: [
    {
      urn: lease,
      name: 'Lease',
      attributes: [
        { name: 'monthly', type: 'decimal' },
        { name: 'contract', uniqueness: 'server' },
      ],
    },
  ],
}

describe('a declared resource type', () => {
  let tenant: Tenant
  let made = 0

  before(async () => {
    tenant = await newTenant()
    await declare(tenant, device)
  })

  const body = (attributes: JsonObject): JsonObject => ({
    schemas: [urn, ...Object.keys(attributes).filter((key) => key.startsWith('urn:'))],
    displayName: `device ${made++}`,
    ...attributes,
  })
  const post = (attributes: JsonObject = {}) => tenant.scim.post('/Devices', body(attributes))
  const create = async (attributes: JsonObject = {}): Promise<Resource> => {
    const answer = await post(attributes)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const names = async (filter: string): Promise<string[]> => {
    const answer = await tenant.scim.filter('/Devices', filter)
    assert.equal(answer.status, 200, `${filter}: ${answer.text}`)
    return answer.body.Resources.map((one: Resource) => one.displayName).sort()
  }

  it('keeps what was sent and shows it with id, schemas and meta, at its own address (RFC 7644 §3.3)', async () => {
    const all = {
      ...{
        externalId: 'x-1',
        displayName: 'Kept',
        serial: 'S-1',
        ports: 3,
        weight: 1.5,
        on: false,
        since: '2024-02-29T12:00:00+01:00',
      },
      ...{
        key: 'YQ==',
        page: 'https://example.com/',
        model: 'm',
        slots: [{ value: 'a', type: 'usb', speed: 10, primary: true }],
      },
      [lease]: { monthly: 9.5 },
    }
    const answer = await post({ ...all, pin: '1234', note: 'n', seen: 'x' })
    assert.equal(answer.status, 201, answer.text)
    const { id, meta, schemas, ...rest } = answer.body
    // What is returned on request is shown to whoever just wrote it (RFC 7643 §7).
    assert.deepEqual(rest, { ...all, note: 'n' })
    assert.deepEqual(schemas, [urn, lease])
    assert.equal(meta.resourceType, 'Device')
    assert.equal(meta.location, `${tenant.baseUrl}/Devices/${id}`)
    assert.deepEqual([answer.headers.get('location'), answer.headers.get('etag')], [meta.location, meta.version])
    const read = await tenant.scim.get(`/Devices/${id}`)
    const { note: _, ...shown } = answer.body
    assert.deepEqual(read.body, shown)
    assert.equal((await tenant.scim.get(`/Devices/${id}`, { 'if-none-match': meta.version })).status, 304)
    const [row] = await tenant.rows('custom_resources', { id })
    assert.equal(row.profile.pin, '1234')
  })

  it('SEC-SCIM-13 never shows, filters by or audits what is write-only', async () => {
    const { id } = await create({ pin: 'hunter2-pin' })
    await tenant.scim.patch(`/Devices/${id}`, [{ op: 'replace', path: 'pin', value: 'hunter3-pin' }])
    for (const query of ['', '?attributes=pin', '?attributes=pin,displayName']) {
      assert.doesNotMatch((await tenant.scim.get(`/Devices/${id}${query}`)).text, /hunter/)
    }
    assert.equal((await tenant.scim.filter('/Devices', 'pin sw "hunter"')).status, 400)
    const events = await tenant.rows('audit_events', { target_id: id })
    assert.deepEqual(
      events.map((event) => event.event),
      ['resource.created', 'resource.updated'],
    )
    assert.doesNotMatch(JSON.stringify(events), /hunter/)
  })

  it('refuses what its schema refuses, by name', async () => {
    const wrong: [JsonObject, string][] = [
      [{ ports: 'three' }, 'invalidValue'],
      [{ ports: 1.5 }, 'invalidValue'],
      [{ on: 'yes' }, 'invalidValue'],
      [{ since: 'now' }, 'invalidValue'],
      [{ key: '***' }, 'invalidValue'],
      [{ slots: { value: 'x' } }, 'invalidValue'],
      [{ displayName: '' }, 'invalidValue'],
      [
        {
          slots: [
            { value: 'a', primary: true },
            { value: 'b', primary: true },
          ],
        },
        'invalidValue',
      ],
      [{ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] }, 'invalidSyntax'],
    ]
    for (const [attributes, scimType] of wrong) {
      const answer = await post(attributes)
      assert.deepEqual([answer.status, answer.body.scimType], [400, scimType], JSON.stringify(attributes))
    }
  })

  it('is filtered, sorted and paged as users are', async () => {
    await create({ displayName: 'f-ten', ports: 10, since: '2024-01-01T00:00:00Z', slots: [{ value: 'A', speed: 5 }], rank: 'b' })
    await create({ displayName: 'f-nine', ports: 9, since: '2024-06-01T00:00:00Z', on: true, [lease]: { monthly: 5 }, rank: 'A' })
    const rows: [string, string[]][] = [
      ['ports gt 9', ['f-ten']],
      ['on eq true', ['f-nine']],
      ['since gt "2024-03-01T00:00:00Z"', ['f-nine']],
      ['slots[value eq "a" and speed ge 5]', ['f-ten']],
      [`${lease}:monthly le 5`, ['f-nine']],
      [`schemas eq "${lease}"`, ['f-nine']],
      ['not (slots pr)', ['f-nine']],
      ['rank eq "B" or rank eq "a"', ['f-nine', 'f-ten']],
      ['meta.resourceType eq "Device"', ['f-nine', 'f-ten']],
    ]
    for (const [filter, found] of rows) assert.deepEqual(await names(`displayName sw "f-" and (${filter})`), found, filter)
    const sorted = async (query: string) => {
      const answer = await tenant.scim.get(`/Devices?filter=${encodeURIComponent('displayName sw "f-"')}&${query}`)
      return answer.body.Resources.map((one: Resource) => one.displayName)
    }
    assert.deepEqual(await sorted('sortBy=ports'), ['f-nine', 'f-ten'])
    assert.deepEqual(await sorted('sortBy=rank&sortOrder=descending'), ['f-ten', 'f-nine'])
    assert.deepEqual(await sorted('sortBy=ports&count=1&startIndex=2'), ['f-ten'])
    const search = await tenant.scim.post('/Devices/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'displayName eq "f-ten"',
      attributes: ['ports'],
    })
    const [only] = search.body.Resources
    assert.deepEqual(
      [search.body.schemas, search.body.totalResults, only.ports, only.displayName],
      [[listSchema], 1, 10, undefined],
    )
    assert.equal(only.rank, 'b')
  })

  it('is walked by cursor, in the order asked for, to the end', async () => {
    for (let at = 0; at < 5; at++) await create({ displayName: `w-${at}`, ports: 4 - at })
    const seen: string[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined) {
      const query: string = `filter=${encodeURIComponent('displayName sw "w-"')}&sortBy=ports&count=2&cursor=${encodeURIComponent(cursor)}`
      const page = await tenant.scim.get(`/Devices?${query}`)
      assert.equal(page.status, 200, page.text)
      seen.push(...page.body.Resources.map((one: Resource) => one.displayName))
      cursor = page.body.nextCursor
    }
    assert.deepEqual(seen, ['w-4', 'w-3', 'w-2', 'w-1', 'w-0'])
  })

  it('changes by PATCH and PUT, by version, and keeps what is immutable', async () => {
    const one = await create({ model: 'm1', slots: [{ value: 'a', type: 'usb' }], [lease]: { monthly: 1 } })
    const patched = await tenant.scim.patch(
      `/Devices/${one.id}`,
      [
        { op: 'replace', path: 'slots[type eq "USB"].speed', value: 7 },
        { op: 'add', value: { ports: 2, [`${lease}:monthly`]: 3 } },
      ],
      { 'if-match': one.meta.version },
    )
    assert.equal(patched.status, 200, patched.text)
    assert.deepEqual(patched.body.slots, [{ value: 'a', type: 'usb', speed: 7 }])
    assert.deepEqual([patched.body.ports, patched.body[lease]], [2, { monthly: 3 }])
    const stale = await tenant.scim.patch(`/Devices/${one.id}`, [{ op: 'add', path: 'ports', value: 3 }], {
      'if-match': one.meta.version,
    })
    assert.equal(stale.status, 412)
    for (const operation of [
      { op: 'remove', path: 'model' },
      { op: 'replace', path: 'model', value: 'm2' },
      { op: 'replace', path: 'seen', value: 'x' },
      { op: 'remove', path: 'displayName' },
    ]) {
      const answer = await tenant.scim.patch(`/Devices/${one.id}`, [operation])
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'mutability'], JSON.stringify(operation))
    }
    const put = await tenant.scim.put(`/Devices/${one.id}`, { schemas: [urn], displayName: 'put', ports: 5 })
    assert.equal(put.status, 200, put.text)
    const { schemas, displayName, ports, model, slots } = put.body
    assert.deepEqual([schemas, displayName, ports, model, slots], [[urn], 'put', 5, 'm1', undefined])
    const same = await tenant.scim.put(`/Devices/${one.id}`, { schemas: [urn], displayName: 'put', ports: 5 })
    assert.equal(same.body.meta.version, put.body.meta.version)
  })

  it('may call attributes as users and groups call theirs, and they are attributes like any other', async () => {
    const one = await create({ members: [{ value: 'b' }], groups: ['g'] })
    const patched = await tenant.scim.patch(`/Devices/${one.id}`, [
      { op: 'add', path: 'members', value: [{ value: 'a', $ref: 'https://example.com/a' }] },
    ])
    assert.deepEqual(patched.body.members, [{ value: 'b' }, { value: 'a', $ref: 'https://example.com/a' }])
    const emptied = await tenant.scim.patch(`/Devices/${one.id}`, [{ op: 'remove', path: 'members[value eq "b"]' }])
    assert.deepEqual(emptied.body.members.length, 1)
    assert.deepEqual(await names('members.value eq "a" and groups eq "G"'), [one.displayName])
    const sorted = await tenant.scim.get('/Devices?sortBy=members.value')
    assert.equal(sorted.status, 200, sorted.text)
  })

  it('holds unique values on POST, PUT and PATCH, core and extension, until the holder leaves', async () => {
    const holder = await create({ externalId: 'ext', serial: 'U-1', asset: 'A-1', [lease]: { contract: 'C-1' } })
    const other = await create({ serial: 'u-1' })
    const clashes: [JsonObject, string][] = [
      [{ serial: 'U-1' }, `${urn}:serial`],
      [{ asset: 'a-1' }, `${urn}:asset`],
      [{ [lease]: { contract: 'c-1' } }, `${lease}:contract`],
      [{ externalId: 'ext' }, 'externalId'],
    ]
    for (const [clash, name] of clashes) {
      for (const answer of [
        await post(clash),
        await tenant.scim.put(`/Devices/${other.id}`, body(clash)),
        await tenant.scim.patch(`/Devices/${other.id}`, [{ op: 'add', value: clash }]),
      ]) {
        assert.deepEqual([answer.status, answer.body.scimType], [409, 'uniqueness'], answer.text)
        assert.ok(answer.body.detail.includes(name), answer.body.detail)
      }
    }
    assert.equal((await tenant.scim.delete(`/Devices/${holder.id}`)).status, 204)
    assert.equal((await tenant.scim.get(`/Devices/${holder.id}`)).status, 404)
    await create({ externalId: 'ext', serial: 'U-1', asset: 'A-1', [lease]: { contract: 'C-1' } })
  })

  it('is carried out in Bulk, with references to what the request creates', async () => {
    const results = await bulkResults(tenant.scim, [
      { method: 'POST', path: '/Devices', bulkId: 'd', data: body({ members: [{ value: 'bulkId:u' }] }) },
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'u',
        data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'bulk-u' },
      },
      { method: 'POST', path: '/Devices', bulkId: 'bad', data: { schemas: [urn] } },
    ])
    assert.deepEqual(statuses(results), ['201', '201', '400'])
    const [made, owner] = results
    const found = await tenant.scim.get(`/Devices/${idOf(made)}`)
    assert.deepEqual(found.body.members, [{ value: idOf(owner) }])
    const [gone] = await bulkResults(tenant.scim, [{ method: 'DELETE', path: `/Devices/${idOf(made)}` }])
    assert.equal(gone.status, '204')
  })

  it('is found by searches of all types, after users and groups', async () => {
    const name = 'everything'
    const own = await create({ displayName: name })
    const user = await tenant.user('everyone', { displayName: name })
    const group = await tenant.group(name)
    const all = await tenant.scim.filter('/', `displayName eq "${name}"`)
    const ids = all.body.Resources.map((one: Resource) => one.id)
    assert.deepEqual([all.body.totalResults, ids], [3, [user.id, group.id, own.id]])
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query: string = `filter=${encodeURIComponent(`displayName eq "${name}"`)}&count=2&cursor=${encodeURIComponent(cursor)}`
      const page = await tenant.scim.get(`/?${query}`)
      assert.equal(page.status, 200, page.text)
      seen.push(...page.body.Resources.map((one: Resource) => one.id))
      cursor = page.body.nextCursor
    }
    assert.deepEqual(seen, ids)
    const byOwn = await tenant.scim.filter('/', 'ports pr')
    assert.ok(byOwn.body.totalResults > 0 && byOwn.body.Resources.every((one: Resource) => one.meta.resourceType === 'Device'))
  })

  it('stands in /ResourceTypes and /Schemas with every characteristic (RFC 7643 §6, §7)', async () => {
    const type = await tenant.scim.get('/ResourceTypes/Device')
    assert.deepEqual(
      [type.body.endpoint, type.body.schema, type.body.schemaExtensions],
      ['/Devices', urn, [{ schema: lease, required: false }]],
    )
    const schema = await tenant.scim.get(`/Schemas/${urn}`)
    const byName = (name: string) => schema.body.attributes.find((one: { name: string }) => one.name === name)
    assert.deepEqual(byName('serial'), {
      name: 'serial',
      type: 'string',
      multiValued: false,
      description: '',
      required: false,
      caseExact: true,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    })
    assert.deepEqual(
      [byName('page').referenceTypes, byName('page').caseExact, byName('pin').returned],
      [['external'], true, 'never'],
    )
    const ids = (await tenant.scim.get('/Schemas')).body.Resources.map((one: { id: string }) => one.id)
    for (const id of [urn, lease]) assert.ok(ids.includes(id))
  })

  it('SEC-TEN-1 is nothing to another organization, and its resources nothing to another connection', async () => {
    const one = await create({ serial: 'T-1' })
    const stranger = await newTenant()
    assert.equal((await stranger.scim.get('/Devices')).status, 404)
    assert.equal((await stranger.scim.get(`/Schemas/${urn}`)).status, 404)
    await declare(stranger, device)
    assert.equal((await stranger.scim.get(`/Devices/${one.id}`)).status, 404)
    assert.equal((await stranger.scim.post('/Devices', body({ serial: 'T-1', asset: 'T-1' }))).status, 201)
    const neighbour = tenantOf(tenant.app, await tenant.app.createConnection(tenant))
    for (const answer of [
      await neighbour.scim.get(`/Devices/${one.id}`),
      await neighbour.scim.patch(`/Devices/${one.id}`, [{ op: 'add', path: 'ports', value: 1 }]),
      await neighbour.scim.delete(`/Devices/${one.id}`),
    ]) {
      assert.equal(answer.status, 404)
    }
    assert.equal((await neighbour.scim.get('/Devices')).body.totalResults, 0)
    // By the words of RFC 7643 §7 a value is unique in the tenancy, whoever sees it.
    assert.equal((await neighbour.scim.post('/Devices', body({ serial: 'T-1' }))).status, 409)
    assert.equal((await neighbour.scim.post('/Devices', body({ externalId: 'ext' }))).status, 201)
  })

  it('asks for the scopes of its own: a token for people reads and writes people', async () => {
    const limited = await tenant.app.createConnection(tenant, { scopes: ['users:read', 'groups:read', 'users:write'] })
    const scim = scimClient(limited.baseUrl, limited.token)
    assert.equal((await scim.get('/Devices')).status, 403)
    assert.equal((await scim.post('/Devices', body({}))).status, 403)
    const results = await bulkResults(scim, [{ method: 'POST', path: '/Devices', bulkId: 'd', data: body({}) }])
    assert.deepEqual(statuses(results), ['403'])
    assert.equal((await scim.get('/')).status, 200)
  })

  it('is served by every process from the next request on, and gone with the next after its removal', async () => {
    const name = 'Robot'
    const robot: TypeInput = { name, endpoint: '/Robots', schema: { urn: 'urn:acme:Robot', name, attributes: [{ name: 'arm' }] } }
    const other = await startTestApp()
    const there = scimClient(tenant.baseUrl.replace(tenant.app.url, other.url), tenant.token)
    for (const scim of [tenant.scim, there]) assert.equal((await scim.get('/Robots')).status, 404)
    await declare(tenant, robot)
    assert.equal((await there.get('/Robots')).status, 200)
    const made = await tenant.scim.post('/Robots', { schemas: ['urn:acme:Robot'], arm: 'left' })
    assert.equal(made.status, 201, made.text)
    await assert.rejects(undeclare(tenant, name), /has 1 resource\./)
    assert.equal((await tenant.scim.delete(`/Robots/${made.body.id}`)).status, 204)
    await undeclare(tenant, name)
    for (const scim of [tenant.scim, there]) assert.equal((await scim.get('/Robots')).status, 404)
    assert.equal((await there.get('/ResourceTypes/Robot')).status, 404)
    await other.stop()
    await declare(tenant, { ...robot, endpoint: '/Bots' })
    assert.deepEqual((await tenant.scim.get('/Bots')).body.totalResults, 0)
  })

  it('answers another method at its address with what it serves, and an unknown id with its own name', async () => {
    const wrong = await tenant.scim.call('PUT', '/Devices', {})
    assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, HEAD, POST'])
    const missing = await tenant.scim.get('/Devices/nobody')
    assert.match(missing.body.detail, /^There is no device "nobody"/)
  })

  it('SEC-SCIM-10 has no attribute that every object inherits, nor one that all resources have', () => {
    const bad = ['toString', 'valueOf', '__proto__', 'Constructor', 'hasOwnProperty', 'id', 'META', 'externalid', 'schemas']
    for (const name of bad) {
      const attributes = [{ name: name }]
      const schema = { urn: 'urn:acme:Bad', name: 'Bad', attributes }
      assert.equal(newResourceType.safeParse({ name: 'Bad', endpoint: '/Bads', schema }).success, false, name)
    }
  })
})
