import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { AttributeDefinition, ResourceType } from '../../src/contract/attribute-definition.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { filterOf } from '../support/filter-arbitraries.js'
import { matches, sorted } from '../support/filter-oracle.js'
import { filterText } from '../support/filter-text.js'
import { core as coreUser, enterprise } from '../support/kinds.js'
import { intent, person, style, written } from '../support/patch-arbitraries.js'
import { apply, type Intent, type Person, documentOf as personDocument, Refused } from '../support/patch-model.js'
import { declare, type TypeInput } from '../support/resource-type.js'
import { sortable } from '../support/sortable.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'
import { documentOf, shownOf, someType } from '../support/type-arbitraries.js'

/** Whatever type an organization declares, the engine serves it by the words of the RFC. */

/** A type as the operator writes it and as the door knows it. */
function typeOf(parts: {
  core: AttributeDefinition[]
  extension: AttributeDefinition[] | undefined
  extensionRequired: boolean
}): { input: TypeInput; type: ResourceType } {
  const name = 'Kind'
  const core = { urn: `urn:acme:${name}:2.0:Core`, name, attributes: parts.core }
  const extra = { urn: `urn:acme:${name}:2.0:Extra`, name: 'Extra', attributes: parts.extension ?? [] }
  const extensions = parts.extension ? [{ ...extra, required: parts.extensionRequired }] : []
  const input = { name, endpoint: `/${name}s`, schema: core, extensions }
  const schemaOf = ({ urn, attributes }: typeof core) => defineSchema({ id: urn, name, description: '', attributes })
  const type = {
    ...{ id: name, name, endpoint: input.endpoint, description: '', schema: schemaOf(core) },
    extensions: extensions.map((extension) => ({ schema: schemaOf(extension), required: extension.required })),
  }
  return { input, type }
}

function shownBy(type: ResourceType, document: JsonObject, requested: 'shown' | 'hidden'): JsonObject {
  const extensions = type.extensions.flatMap(({ schema }) => {
    const part = document[schema.id]
    return part === undefined ? [] : [[schema.id, part] as const]
  })
  const schemas = [type.schema.id, ...extensions.map(([urn]) => urn)]
  return { schemas, ...shownOf(type.schema.attributes, document, requested), ...Object.fromEntries(extensions) }
}

const world = someType.map(typeOf).chain(({ input, type }) =>
  fc.record({
    input: fc.constant(input),
    type: fc.constant(type),
    documents: fc.tuple(...Array.from({ length: 6 }, (_, at) => documentOf(type, String(at)))),
    filters: fc.array(filterOf(type), { minLength: 12, maxLength: 12, size: 'max' }),
    isOdd: fc.boolean(),
  }),
)

/** RFC 7644 §3.4.2.3 says which value of a list decides, and not which list of lists. */
function isListInList(type: ResourceType, path: string): boolean {
  const names = (path.split(':').at(-1) ?? '').split('.')
  const schema = type.extensions.find((extension) => path.startsWith(`${extension.schema.id}:`))?.schema ?? type.schema
  const whole = schema.attributes.find((one) => one.name === names[0])
  const part = whole?.subAttributes?.find((one) => one.name === (names[1] ?? 'value'))
  return Boolean(whole?.multiValued && part?.multiValued)
}

const patience = { interruptAfterTimeLimit: 60_000 }

describe('a resource type with random characteristics', () => {
  const search = async (tenant: Tenant, endpoint: string, query: JsonObject): Promise<string[]> => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    const answer = await tenant.scim.post(`${endpoint}/.search`, { schemas, count: 100, ...query })
    assert.equal(answer.status, 200, `${JSON.stringify(query)}: ${answer.text}`)
    return answer.body.Resources.map((one: Resource) => one.id)
  }

  it('gives back what was sent, filters as a naive reading of the RFC does, and sorts', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ input, type, documents, filters, isOdd }) => {
        const tenant = await newTenant()
        await declare(tenant, input)
        const known: JsonObject[] = []
        for (const document of documents) {
          const urns = [type.schema.id, ...Object.keys(document).filter((key) => key.startsWith('urn:'))]
          const answer = await tenant.scim.post(type.endpoint, { schemas: urns, ...document })
          assert.equal(answer.status, 201, `${answer.text} ${JSON.stringify([input.schema, document])}`)
          const { id, meta, ...rest } = answer.body
          const written = shownBy(type, document, 'shown')
          assert.deepEqual(rest, written)
          const { id: _, meta: __, ...read } = (await tenant.scim.get(`${type.endpoint}/${id}`)).body
          assert.deepEqual(read, shownBy(type, document, 'hidden'))
          known.push({ id, meta, ...written })
        }
        for (const filter of filters) {
          const asked = filterText(filter, isOdd)
          const expected = known.filter((document) => matches(type, document, filter)).map((document) => String(document.id))
          assert.deepEqual((await search(tenant, type.endpoint, { filter: asked })).sort(), expected.sort(), asked)
        }
        // An answer shows whole milliseconds only, and sorting goes on below them.
        const paths = sortable(type).filter(
          (path) => !/^(?:meta\.|urn:acme:Kind:2.0:Core:)/.test(path) && !isListInList(type, path),
        )
        for (const sortBy of paths.slice(0, 6)) {
          for (const sortOrder of ['ascending', 'descending'] as const) {
            const found = await search(tenant, type.endpoint, { sortBy, sortOrder })
            assert.deepEqual(found, sorted(type, known, sortBy, sortOrder), `${sortBy} ${sortOrder}`)
          }
        }
      }),
      { numRuns: 12, ...patience },
    )
  }).timeout(180_000)
})

const staff: TypeInput = {
  name: 'Staff',
  endpoint: '/Staff',
  schema: {
    urn: 'urn:acme:Staff',
    name: 'Staff',
    attributes: [
      { name: 'userName', required: true },
      { name: 'title' },
      { name: 'nickName' },
      { name: 'name', type: 'complex', subAttributes: [{ name: 'givenName' }, { name: 'familyName' }] },
      {
        name: 'emails',
        type: 'complex',
        multiValued: true,
        subAttributes: [{ name: 'value' }, { name: 'display' }, { name: 'type' }, { name: 'primary', type: 'boolean' }],
      },
    ],
  },
  extensions: [{ urn: 'urn:acme:Work', name: 'Work', attributes: [{ name: 'department' }] }],
}

/** The same JSON about the declared type. */
const about = (json: Json): JsonObject =>
  JSON.parse(
    JSON.stringify(json)
      .replaceAll(new RegExp(enterprise, 'gi'), 'urn:acme:Work')
      .replaceAll(new RegExp(coreUser, 'gi'), 'urn:acme:Staff'),
  )

function modelled(before: Person, intents: readonly Intent[]): Person | Refused {
  try {
    return intents.reduce((now, one) => apply(now, one, 'create'), before)
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
}

describe('PATCH of a declared type', () => {
  it('does what a naive reading of the RFC does, however the operations are spelled', async () => {
    const tenant = await newTenant({ profile: 'entra' })
    await declare(tenant, staff)
    const plan = fc.array(fc.tuple(intent, style), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(person, plan, async (before, list) => {
        const created = await tenant.scim.post('/Staff', { schemas: ['urn:acme:Staff'], ...about(personDocument(before)) })
        assert.equal(created.status, 201, created.text)
        const { id, meta } = created.body
        const operations = list.map(([one, how]) => about(written(one, how)))
        const answer = await tenant.scim.patch(`/Staff/${id}`, operations)
        const expected = modelled(
          before,
          list.map(([one]) => one),
        )
        const now = (await tenant.scim.get(`/Staff/${id}`)).body
        const told = JSON.stringify(operations)
        if (expected instanceof Refused) {
          assert.deepEqual([answer.status, answer.body.scimType], [400, expected.message], told)
          assert.deepEqual(now, created.body)
          return
        }
        assert.equal(answer.status, 200, `${told} ${answer.text}`)
        const { id: _, meta: moved, schemas: __, ...rest } = now
        assert.deepEqual(rest, about(personDocument(expected)), told)
        assert.equal(moved.version === meta.version, isDeepStrictEqual(rest, about(personDocument(before))), told)
      }),
      { numRuns: 60, ...patience },
    )
  }).timeout(120_000)
})
