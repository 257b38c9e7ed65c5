import assert from 'node:assert/strict'
import type { AttributeDefinition } from '../../src/contract/attribute-definition.js'
import { AppError } from '../../src/platform/errors.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { define } from '../support/extension.js'
import { declare, type TypeInput } from '../support/resource-type.js'
import { coreUser } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** Changing a definition that resources have data under: told first, counted, and done as a whole or not at all. */

const urn = 'urn:acme:Thing'
const own = 'urn:acme:Own'

type Attributes = readonly (Partial<AttributeDefinition> & { readonly name: string })[]
type Told = readonly [attribute: string, change: string, resources: number, effect: string]

const thing = (attributes: Attributes, rest: Partial<TypeInput> = {}): TypeInput => ({
  name: 'Thing',
  endpoint: '/Things',
  schema: { urn, name: 'Thing', attributes: [{ name: 'label' }, ...attributes] as TypeInput['schema']['attributes'] },
  ...rest,
})

const desk = (parts: Attributes, multiValued = true) =>
  ({ name: 'desk', type: 'complex', multiValued, subAttributes: parts }) as Attributes[number]

/** What a definition finds, what it says, and what is left of the documents where the loss is accepted. */
type Row = {
  readonly title: string
  readonly from: Attributes
  readonly to: Attributes
  readonly held: readonly JsonObject[]
  readonly told: readonly Told[]
  readonly left: readonly JsonObject[]
}

const rows: readonly Row[] = [
  {
    title: 'another type, for values that are not of it',
    from: [{ name: 'size', type: 'decimal' }],
    to: [{ name: 'size', type: 'integer' }],
    held: [{ size: 1 }, { size: 1.5 }, {}],
    told: [['size', 'type: decimal → integer', 1, 'dropped']],
    left: [{ size: 1 }, {}, {}],
  },
  {
    title: 'text that is to be a time',
    from: [{ name: 'at' }],
    to: [{ name: 'at', type: 'dateTime' }],
    held: [{ at: '2024-02-29T12:00:00Z' }, { at: '2023-02-29T12:00:00Z' }, { at: 'noon' }],
    told: [['at', 'type: string → dateTime', 2, 'dropped']],
    left: [{ at: '2024-02-29T12:00:00Z' }, {}, {}],
  },
  {
    title: 'text that is to be binary',
    from: [{ name: 'key' }],
    to: [{ name: 'key', type: 'binary' }],
    held: [{ key: 'YQ==' }, { key: 'YW J\nj' }, { key: 'Y' }, { key: 'YQ=' }, { key: 'a-b' }],
    told: [['key', 'type: string → binary', 3, 'dropped']],
    left: [{ key: 'YQ==' }, { key: 'YW J\nj' }, {}, {}, {}],
  },
  {
    title: 'one value in the place of several, and several in the place of one',
    from: [{ name: 'one' }, { name: 'all', multiValued: true }],
    to: [{ name: 'one', multiValued: true }, { name: 'all' }],
    held: [{ one: 'x' }, { all: ['x'] }, {}],
    told: [
      ['one', 'multiValued: false → true', 1, 'dropped'],
      ['all', 'multiValued: true → false', 1, 'dropped'],
    ],
    left: [{}, {}, {}],
  },
  {
    title: 'an attribute that goes, and a part of one, through lists',
    from: [{ name: 'gone', type: 'integer' }, desk([{ name: 'room' }, { name: 'floor', type: 'integer' }])],
    to: [desk([{ name: 'room' }])],
    held: [{ gone: 1, desk: [{ room: 'a', floor: 1 }, { floor: 2 }] }, { desk: [{ floor: 3 }] }, { desk: [{ room: 'b' }] }],
    told: [
      ['gone', 'removed', 1, 'dropped'],
      ['desk.floor', 'removed', 2, 'dropped'],
    ],
    left: [{ desk: [{ room: 'a' }] }, {}, { desk: [{ room: 'b' }] }],
  },
  {
    title: 'what becomes required, of who lacks it; theirs stays as it is',
    from: [{ name: 'must' }, desk([{ name: 'room' }])],
    to: [
      { name: 'must', required: true },
      desk([{ name: 'room' }, { name: 'floor', required: true }]),
      { name: 'more', required: true },
    ],
    held: [{ must: 'x', desk: [{ room: 'a' }] }, { must: ' ' }, {}],
    told: [
      ['must', 'required: false → true', 2, 'kept'],
      ['desk.floor', 'added as required', 1, 'kept'],
      ['more', 'added as required', 3, 'kept'],
    ],
    left: [{ must: 'x', desk: [{ room: 'a' }] }, { must: ' ' }, {}],
  },
  {
    title: 'uniqueness, for all but the oldest of who share a value',
    from: [{ name: 'tag' }, { name: 'codes', multiValued: true, caseExact: true }],
    to: [
      { name: 'tag', uniqueness: 'server' },
      { name: 'codes', multiValued: true, caseExact: true, uniqueness: 'global' },
    ],
    held: [{ tag: 'A', codes: ['x'] }, { tag: 'a', codes: ['X'] }, { tag: 'b', codes: ['y', 'x'] }, { tag: 'B'.repeat(1025) }],
    told: [
      ['tag', 'uniqueness: none → server', 2, 'dropped'],
      ['codes', 'uniqueness: none → global', 1, 'dropped'],
    ],
    left: [{ tag: 'A', codes: ['x'] }, { codes: ['X'] }, { tag: 'b' }, {}],
  },
  {
    title: 'uniqueness that no longer minds case',
    from: [{ name: 'tag', uniqueness: 'server', caseExact: true }],
    to: [{ name: 'tag', uniqueness: 'server' }],
    held: [{ tag: 'A' }, { tag: 'a' }, { tag: 'b' }],
    told: [['tag', 'caseExact: true → false', 1, 'dropped']],
    left: [{ tag: 'A' }, {}, { tag: 'b' }],
  },
  {
    title: 'a value that nobody may change any more; it stays',
    from: [{ name: 'set' }, { name: 'seen' }],
    to: [
      { name: 'set', mutability: 'immutable' },
      { name: 'seen', mutability: 'readOnly' },
    ],
    held: [{ set: 'x' }, { set: 'y', seen: 'z' }],
    told: [
      ['set', 'mutability: readWrite → immutable', 2, 'kept'],
      ['seen', 'mutability: readWrite → readOnly', 1, 'kept'],
    ],
    left: [{ set: 'x' }, { set: 'y', seen: 'z' }],
  },
]

const compatible: readonly (readonly [title: string, from: Attributes, to: Attributes, held: JsonObject])[] = [
  [
    'new attributes and parts',
    [desk([{ name: 'room' }])],
    [desk([{ name: 'room' }, { name: 'floor' }]), { name: 'x' }],
    { desk: [{ room: 'a' }] },
  ],
  ['words', [{ name: 'a', description: 'old' }], [{ name: 'a', description: 'new' }], { a: 'x' }],
  ['suggestions', [{ name: 'a', canonicalValues: ['x'] }], [{ name: 'a', canonicalValues: ['y'] }], { a: 'x' }],
  ['looser rules', [{ name: 'a', required: true, uniqueness: 'server' }], [{ name: 'a' }], { a: 'x' }],
  ['whole numbers as decimals', [{ name: 'a', type: 'integer' }], [{ name: 'a', type: 'decimal' }], { a: 1 }],
  ['text as references', [{ name: 'a' }], [{ name: 'a', type: 'reference' }], { a: 'x' }],
  ['how it is returned', [{ name: 'a' }], [{ name: 'a', returned: 'request' }], { a: 'x' }],
  ['what becomes a secret', [{ name: 'a' }], [{ name: 'a', mutability: 'writeOnly', returned: 'never' }], { a: 'x' }],
  [
    'what nobody has',
    [{ name: 'a' }, { name: 'b' }],
    [{ name: 'b', type: 'complex', subAttributes: [{ name: 'c' }] } as never],
    {},
  ],
]

describe('changing the definition of a resource type', () => {
  let tenant: Tenant

  beforeEach(async () => {
    tenant = await newTenant()
  })

  const create = async (attributes: JsonObject): Promise<Resource> => {
    const answer = await tenant.scim.post('/Things', { schemas: [urn], label: 'l', ...attributes })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const fill = async (all: readonly JsonObject[]): Promise<Resource[]> => {
    const created: Resource[] = []
    for (const one of all) created.push(await create(one))
    return created
  }
  const refusal = async (attempt: Promise<unknown>): Promise<AppError> => {
    const error = await attempt.then(
      () => assert.fail('nothing was refused'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof AppError, String(error))
    return error
  }
  const stored = async (id: string): Promise<JsonObject> => {
    const [row] = await tenant.rows('custom_resources', { id })
    const { label: _, ...rest } = row.profile as JsonObject
    return rest
  }
  const told = (differences: Awaited<ReturnType<typeof declare>>): Told[] =>
    differences.map(({ attribute, change, resources, effect }) => [attribute, change, resources, effect] as const)

  for (const { title, from, to, held, told: expected, left } of rows) {
    it(`tells of ${title}; nothing is changed unless the loss is accepted`, async () => {
      await declare(tenant, thing(from))
      const resources = await fill(held)
      const before = await tenant.scim.get(`/Schemas/${urn}`)
      const error = await refusal(declare(tenant, thing(to)))
      assert.deepEqual([error.kind, error.code], ['conflict', 'data_would_not_fit'])
      assert.deepEqual(
        error.faults.map(({ pointer, detail }) => [pointer, detail.split(';')[0]]),
        expected.map(([attribute, change]) => [attribute, change]),
      )
      for (const [at, [, , count, effect]] of expected.entries()) {
        const detail = error.faults[at]?.detail ?? ''
        assert.match(
          detail,
          new RegExp(`; ${count} resources? holds? data .* would ${effect === 'dropped' ? 'lose it' : 'keep it'}`),
        )
      }
      assert.deepEqual((await tenant.scim.get(`/Schemas/${urn}`)).body, before.body)
      for (const [at, { id }] of resources.entries()) assert.deepEqual(await stored(id), held[at])

      assert.deepEqual(told(await declare(tenant, thing(to), 'accept')), expected)
      for (const [at, { id, meta }] of resources.entries()) {
        assert.deepEqual(await stored(id), left[at], JSON.stringify(held[at]))
        const read = await tenant.scim.get(`/Things/${id}`)
        const lost = JSON.stringify(held[at]) !== JSON.stringify(left[at])
        assert.equal(read.body.meta.version !== meta.version, lost)
        const events = (await tenant.rows('audit_events', { target_id: id })).map(({ event }) => event)
        assert.deepEqual(events, lost ? ['resource.created', 'resource.updated'] : ['resource.created'])
        const [row] = await tenant.rows('custom_resources', { id })
        assert.equal(JSON.stringify(row.search), JSON.stringify(JSON.parse(JSON.stringify(row.profile).toLowerCase())))
      }
      assert.deepEqual(told(await declare(tenant, thing(to))), [])
    })
  }

  for (const [title, from, to, held] of compatible) {
    it(`applies at once: ${title}`, async () => {
      await declare(tenant, thing(from))
      const { id, meta } = await create(held)
      const differences = await declare(tenant, thing(to))
      assert.ok(differences.length > 0 && differences.every(({ resources }) => resources === 0))
      assert.deepEqual(await stored(id), held)
      assert.equal((await tenant.scim.get(`/Things/${id}`)).body.meta.version, meta.version)
    })
  }

  it('the values that are unique by the new definition are held from then on, and no longer those of the old', async () => {
    await declare(tenant, thing([{ name: 'old', uniqueness: 'server' }, { name: 'new' }]))
    await create({ old: 'o', new: 'n' })
    await declare(tenant, thing([{ name: 'old' }, { name: 'new', uniqueness: 'server' }]))
    const clash = await tenant.scim.post('/Things', { schemas: [urn], new: 'N' })
    assert.deepEqual([clash.status, clash.body.scimType], [409, 'uniqueness'])
    await create({ old: 'o' })
    await declare(tenant, thing([{ name: 'old' }, { name: 'new', uniqueness: 'server', caseExact: true }]))
    await create({ new: 'N' })
    assert.equal((await tenant.scim.post('/Things', { schemas: [urn], new: 'n' })).status, 409)
  })

  it('SEC-SCIM-13 what was given as a secret is not shown because the schema changed its mind', async () => {
    const secret = { name: 'pin', mutability: 'writeOnly', returned: 'never' } as const
    await declare(tenant, thing([secret]))
    const { id } = await create({ pin: 'hunter2' })
    const error = await refusal(declare(tenant, thing([{ name: 'pin' }])))
    assert.equal(error.code, 'data_would_not_fit')
    await declare(tenant, thing([{ name: 'pin' }]), 'accept')
    assert.deepEqual(await stored(id), {})
    assert.doesNotMatch(JSON.stringify(await tenant.rows('audit_events')), /hunter2/)
  })

  it('an extension that becomes required or goes is counted, and its data goes with it', async () => {
    const extension = { urn: own, name: 'Own', attributes: [{ name: 'x', uniqueness: 'server' as const }] }
    await declare(tenant, thing([], { extensions: [extension] }))
    const [holder, other] = await fill([{ [own]: { x: '1' } }, {}])
    const required = { ...extension, required: true }
    const error = await refusal(declare(tenant, thing([], { extensions: [required] })))
    assert.match(error.faults[0]?.detail ?? '', /^required: false → true; 1 resource holds/)
    // Left out, the extensions stay as they are.
    assert.deepEqual(await declare(tenant, thing([])), [])
    const differences = await declare(tenant, thing([], { extensions: [] }), 'accept')
    assert.deepEqual(told(differences), [[own, 'removed', 1, 'dropped']])
    assert.deepEqual([await stored(holder.id), await stored(other.id)], [{}, {}])
    assert.deepEqual((await tenant.scim.get(`/Things/${holder.id}`)).body.schemas, [urn])
    assert.equal((await tenant.scim.get(`/Schemas/${own}`)).status, 404)
    assert.deepEqual(await tenant.rows('unique_values'), [])
  })

  it('another endpoint moves every resource, so it is asked about; the URN stays for good', async () => {
    await declare(tenant, thing([]))
    const { id } = await create({})
    const error = await refusal(declare(tenant, thing([], { endpoint: '/Items' })))
    assert.match(error.faults[0]?.detail ?? '', /^endpoint: \/Things → \/Items.*; 1 resource/)
    await declare(tenant, thing([], { endpoint: '/Items' }), 'accept')
    assert.equal((await tenant.scim.get(`/Items/${id}`)).body.meta.location, `${tenant.baseUrl}/Items/${id}`)
    assert.equal((await tenant.scim.get(`/Things/${id}`)).status, 404)
    const fixed = thing([])
    const renamed = { ...fixed, schema: { ...fixed.schema, urn: 'urn:acme:Other' } }
    assert.equal((await refusal(declare(tenant, renamed))).code, 'urn_fixed')
  })

  it('names, endpoints and URNs that are taken, in whatever case, are refused', async () => {
    await declare(tenant, thing([], { extensions: [{ urn: own, name: 'Own', attributes: [{ name: 'x' }] }] }))
    const other = (rest: Partial<TypeInput>, itsUrn = 'urn:acme:Other'): TypeInput => {
      const type = thing([], { name: 'Other', endpoint: '/Others', ...rest })
      return { ...type, schema: { ...type.schema, urn: itsUrn } }
    }
    const taken: [TypeInput, string][] = [
      [other({ endpoint: '/THINGS' }), 'endpoint_taken'],
      [other({}, urn.toUpperCase().replace('URN', 'urn')), 'urn_taken'],
      [other({}, own), 'urn_taken'],
      [other({ extensions: [{ urn, name: 'X', attributes: [{ name: 'x' }] }] }), 'urn_taken'],
      [other({ extensions: [{ urn: own, name: 'X', attributes: [{ name: 'y' }] }] }), 'extension_differs'],
    ]
    for (const [type, code] of taken) assert.equal((await refusal(declare(tenant, type))).code, code)
    assert.deepEqual((await tenant.rows('resource_types')).length, 1)
    await declare(tenant, other({}))
  })

  it('a write that was read by the old definition is put off, and read by the new one when it comes again', async () => {
    await declare(tenant, thing([{ name: 'a' }]))
    const one = await create({ a: 'x' })
    const { db } = tenant.app.core
    const trx = await db.transaction()
    await trx('resource_types').where({ org_id: tenant.orgId }).update({ version: 2 })
    const waiting = tenant.scim.patch(`/Things/${one.id}`, [{ op: 'replace', path: 'a', value: 'y' }])
    await trx.commit()
    const answer = await waiting
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1'])
    assert.deepEqual(await stored(one.id), { a: 'x' })
    await db('organizations').where({ org_id: tenant.orgId }).increment('schema_version')
    assert.equal((await tenant.scim.patch(`/Things/${one.id}`, [{ op: 'replace', path: 'a', value: 'y' }])).status, 200)
  })
})

describe('changing an extension of users', () => {
  it('counts and drops in users as in any resource, with their history, and leaves the rest of them', async () => {
    const tenant = await newTenant()
    const extension = (attributes: { name: string; [key: string]: Json }[]) =>
      ({ urn: own, resourceType: 'User', name: 'Own', attributes }) as Parameters<typeof define>[1]
    await define(tenant, extension([{ name: 'badge' }, { name: 'floor' }]))
    const ada = await tenant.user('ada', { displayName: 'Ada', [own]: { badge: '7', floor: 'two' } })
    const bob = await tenant.user('bob', { [own]: { badge: 'seven' } })
    const changed = extension([{ name: 'badge' }, { name: 'floor', type: 'integer' }])
    await assert.rejects(define(tenant, changed), (error: AppError) => error.code === 'data_would_not_fit')
    await define(tenant, changed, 'accept')
    const read = (await tenant.scim.get(`/Users/${ada.id}`)).body
    assert.deepEqual([read[own], read.displayName, read.schemas], [{ badge: '7' }, 'Ada', [coreUser, own]])
    assert.notEqual(read.meta.version, ada.meta.version)
    assert.deepEqual((await tenant.scim.get(`/Users/${bob.id}`)).body, bob)
    const states = await tenant.rows('user_states', { user_id: ada.id })
    const open = states.filter((state) => state.closed_by === null)
    assert.deepEqual([states.length, open.length, open[0].profile[own]], [2, 1, { badge: '7' }])
    const put = await tenant.scim.put(`/Users/${ada.id}`, { schemas: [coreUser, own], userName: 'ada', [own]: { floor: 3 } })
    assert.deepEqual(put.body[own], { floor: 3 })
  })

  it('that groups have too changes for both', async () => {
    const tenant = await newTenant()
    const both = async (attributes: { name: string; [key: string]: Json }[], onLoss?: 'accept') => {
      const of = (resourceType: string) => ({ urn: own, resourceType, name: 'Own', attributes }) as Parameters<typeof define>[1]
      await define(tenant, of('User'), onLoss)
      await define(tenant, of('Group'), onLoss)
    }
    await both([{ name: 'cost' }])
    const user = await tenant.user('ada', { [own]: { cost: 'a' } })
    const group = await tenant.group('G', [], { [own]: { cost: 'A' } })
    await both([{ name: 'cost', uniqueness: 'global' }], 'accept')
    assert.deepEqual((await tenant.scim.get(`/Users/${user.id}`)).body[own], { cost: 'a' })
    assert.deepEqual((await tenant.scim.get(`/Groups/${group.id}`)).body[own], undefined)
    const clash = await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'add', path: `${own}:cost`, value: 'a' }])
    assert.equal(clash.status, 409)
  })
})
