import assert from 'node:assert/strict'
import { attributeDefinition } from '../../src/contract/attribute-definition.js'
import {
  type CustomResource,
  compileFilter,
  compileWalk,
  createResource,
  type DeclaredType,
  defineResourceType,
  deleteResource,
  findResource,
  listResources,
  listResourceTypes,
  lockResource,
  type ResourceInput,
  removeResourceType,
  replaceResource,
  resourceFilterTarget,
  type Scope,
  walkResources,
} from '../../src/directory/index.js'
import { AppError } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'
import { openWorkbench } from '../support/directory.js'

const all = { sql: 'true', bindings: [] }
const byId = { sql: 'r.id', bindings: [] }

describe('resources of declared types', () => {
  let bench: Awaited<ReturnType<typeof openWorkbench>>
  let scope: Scope
  let type: DeclaredType

  before(async () => {
    bench = await openWorkbench()
  })

  beforeEach(async () => {
    scope = await bench.newScope()
    type = await define('Device')
  })

  const define = async (name: string): Promise<DeclaredType> => {
    const attributes = [attributeDefinition.parse({ name: 'label' })]
    const schema = { urn: `urn:acme:${name}`, name, description: '', attributes }
    const input = { name, endpoint: `/${name}s`, description: '', schema }
    return (await bench.change(scope, (c) => defineResourceType(c, input))).defined.type
  }
  const input = (rest: Partial<ResourceInput> = {}): ResourceInput => ({
    externalId: null,
    profile: {},
    unique: undefined,
    ...rest,
  })
  const create = (rest: Partial<ResourceInput> = {}, of = type, by = scope): Promise<CustomResource> =>
    bench.change(by, (c) => createResource(c, by, of, input(rest)))
  const replace = (id: string, rest: Partial<ResourceInput>): Promise<CustomResource> =>
    bench.change(scope, async (c) => {
      const before = await lockResource(c, scope, type, id)
      assert.ok(before)
      return replaceResource(c, scope, type, before, input(rest))
    })
  const events = async (id: string) =>
    (await bench.database.db('audit_events').where({ org_id: scope.orgId, target_id: id }).orderBy('seq')).map((row) => [
      row.event,
      row.changed,
    ])
  const codeOf = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'done',
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    )

  it('come, change and go with an event each, and equal attributes change nothing', async () => {
    const one = await create({ externalId: 'x', profile: { label: 'A' } })
    const same = await replace(one.id, { externalId: 'x', profile: { label: 'A' } })
    assert.equal(same.version, 1)
    const changed = await replace(one.id, { externalId: 'x', profile: { label: 'B', pin: '1' }, secrets: [['pin']] })
    assert.equal(changed.version, 2)
    assert.equal(await bench.change(scope, (c) => deleteResource(c, scope, type, one.id)), true)
    assert.equal(await bench.change(scope, (c) => deleteResource(c, scope, type, one.id)), false)
    assert.deepEqual(await events(one.id), [
      ['resource.created', { resourceType: { after: 'Device' } }],
      ['resource.updated', { label: { before: 'A', after: 'B' }, pin: { after: '•••' } }],
      ['resource.deleted', {}],
    ])
    assert.equal(await findResource(bench.database.db, scope, type.id, one.id), undefined)
  })

  it('are kept as sent and folded, so that both ways of comparing find them', async () => {
    const one = await create({ profile: { label: 'ÄB', list: ['Ｃ'] } })
    const [row] = await bench.database.db('custom_resources').where({ org_id: scope.orgId, id: one.id })
    assert.deepEqual(
      [row.profile, row.search],
      [
        { label: 'ÄB', list: ['Ｃ'] },
        { label: 'äb', list: ['c'] },
      ],
    )
    const found = async (value: string, caseExact: boolean) => {
      const where = compileFilter(resourceFilterTarget, { kind: 'text', keys: ['label'], op: 'eq', value, caseExact })
      return (await listResources(bench.database.db, scope, type.id, { where, order: byId, page: { offset: 0, limit: 10 } }))
        .total
    }
    assert.deepEqual([await found('äb', false), await found('äb', true), await found('ÄB', true)], [1, 0, 1])
  })

  it('are seen by their connection and under their type alone', async () => {
    const other = await bench.otherConnection(scope)
    const stranger = await bench.newScope()
    const robot = await define('Robot')
    const one = await create({ externalId: 'x' })
    const { db } = bench.database
    for (const [by, of] of [
      [other, type],
      [stranger, type],
      [scope, robot],
    ] as const) {
      assert.equal(await findResource(db, by, of.id, one.id), undefined)
      const page = { offset: 0, limit: 10 }
      assert.deepEqual(await listResources(db, by, of.id, { where: all, order: byId, page }), { total: 0, items: [] })
      const walk = compileWalk(resourceFilterTarget, undefined, undefined)
      assert.equal((await walkResources(db, by, of.id, { where: all, walk, limit: 10 })).items.length, 0)
    }
    assert.equal(await bench.change(other, (c) => deleteResource(c, other, type, one.id)), false)
    // The same externalId names one resource of each connection and type.
    await create({ externalId: 'x' }, robot)
    await create({ externalId: 'x' }, type, other)
    assert.equal(await codeOf(create({ externalId: 'x' })), 'external_id_taken')
  })

  it('with a unique value at the same instant: one has it, the other is told so', async () => {
    const unique = [{ attribute: 'Device label', value: 'One' }]
    const attempts = await Promise.all(Array.from({ length: 5 }, () => codeOf(create({ unique }))))
    assert.deepEqual(attempts.sort(), ['done', ...Array(4).fill('value_taken')])
  })

  it('are not written by a version of their type that is past, nor under a type that is gone', async () => {
    const past = { ...type, version: type.version - 1 }
    assert.equal(await codeOf(create({}, past)), 'resource_type_changed')
    assert.equal(await codeOf(create({}, { ...type, id: newId() })), 'resource_type_changed')
    await bench.change(scope, (c) => removeResourceType(c, 'device'))
    assert.equal(await codeOf(create()), 'resource_type_changed')
  })

  it('and the removal of their type at the same instant: never a resource without a type', async () => {
    for (let round = 0; round < 5; round++) {
      const one = await define(`Kind${round}`)
      const [created, removed] = await Promise.all([
        codeOf(create({}, one)),
        codeOf(bench.change(scope, (c) => removeResourceType(c, one.name))),
      ])
      const isThere = (await listResourceTypes(bench.database.db, scope.orgId)).some(({ type: { id } }) => id === one.id)
      assert.deepEqual(
        [created, removed, isThere],
        created === 'done' ? ['done', 'resource_type_in_use', true] : ['resource_type_changed', 'done', false],
      )
    }
  })

  it('of a removed type stay as tombstones, and the name is free for another type', async () => {
    const one = await create()
    await bench.change(scope, (c) => deleteResource(c, scope, type, one.id))
    await bench.change(scope, (c) => removeResourceType(c, 'DEVICE'))
    const again = await define('Device')
    assert.notEqual(again.id, type.id)
    const [row] = await bench.database.db('custom_resources').where({ org_id: scope.orgId, id: one.id })
    assert.ok(row.deleted_at)
  })

  it('are asked for by what is no id without an error', async () => {
    assert.equal(await findResource(bench.database.db, scope, type.id, "' or true"), undefined)
    assert.equal(await bench.change(scope, (c) => deleteResource(c, scope, type, 'x')), false)
  })

  it('compared by equality are found by an index among many', async () => {
    const { db } = bench.database
    await db.raw(
      `insert into custom_resources (org_id, id, type_id, managed_by, profile, search, created_at, updated_at)
       select ?, gen_random_uuid(), ?, ?, jsonb_build_object('label', 'v' || n), jsonb_build_object('label', 'v' || n), now(), now()
       from generate_series(1, 20000) n`,
      [scope.orgId, type.id, scope.connectionId],
    )
    await db.raw('analyze custom_resources')
    const where = compileFilter(resourceFilterTarget, { kind: 'text', keys: ['label'], op: 'eq', value: 'V7', caseExact: false })
    const plan = await db.raw(
      `explain select r.id from custom_resources r where r.org_id = ? and r.managed_by = ? and r.type_id = ? and r.deleted_at is null and ${where.sql}`,
      [scope.orgId, scope.connectionId, type.id, ...where.bindings],
    )
    assert.match(JSON.stringify(plan.rows), /custom_resources_search_idx/)
  })
})
