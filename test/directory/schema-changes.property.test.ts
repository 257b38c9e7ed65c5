import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type AttributeDefinition, attributeDefinition, type ResourceType } from '../../src/contract/attribute-definition.js'
import { defineResourceType, type Judged } from '../../src/directory/index.js'
import { AppError } from '../../src/platform/errors.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import { readDocument } from '../../src/scim/validate.js'
import { anyAuthority } from '../support/authority.js'
import { declare } from '../support/resource-type.js'
import { newTenant, type Tenant } from '../support/tenant.js'
import { documentOf, someChange } from '../support/type-arbitraries.js'

/** Whatever becomes of a definition: what is stored fits it, nothing more is lost than was told, and nothing at all before it was. */

const urn = 'urn:acme:Kind'
const inputOf = (attributes: AttributeDefinition[]) => ({
  name: 'Kind',
  endpoint: '/Kinds',
  description: '',
  schema: {
    urn,
    name: 'Kind',
    description: '',
    attributes: attributes.length > 0 ? attributes : [attributeDefinition.parse({ name: 'none' })],
  },
})
const typeOf = (attributes: AttributeDefinition[]): ResourceType => ({
  ...{ id: 'Kind', name: 'Kind', endpoint: '/Kinds', description: '' },
  schema: { id: urn, name: 'Kind', description: '', attributes },
  extensions: [],
})

/** The type as a reader that minds shapes alone: who may write, what is asked for and which case counts are other questions. */
const shapes = (attributes: readonly AttributeDefinition[]): AttributeDefinition[] =>
  attributes.map((one) => ({
    ...one,
    required: false,
    mutability: 'readWrite',
    caseExact: true,
    uniqueness: 'none',
    ...(one.subAttributes && { subAttributes: shapes(one.subAttributes as AttributeDefinition[]) as never }),
  }))

const change = someChange.chain(({ before, after }) =>
  fc.record({
    before: fc.constant(before),
    after: fc.constant(after),
    documents: fc.tuple(...Array.from({ length: 5 }, (_, at) => documentOf(typeOf(before), String(at)))),
  }),
)

const itemsOf = (value: Json | undefined): Json[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** The values that must be unique, naively: one text for each attribute and value. */
function uniqueIn(attributes: readonly AttributeDefinition[], object: JsonObject, path = ''): string[] {
  return attributes.flatMap((one) => {
    const items = itemsOf(object[one.name])
    const { subAttributes } = one
    if (subAttributes)
      return items.flatMap((item) => uniqueIn(subAttributes as AttributeDefinition[], item as JsonObject, `${path}${one.name}.`))
    const isExact = one.caseExact || one.type === 'reference' || one.type === 'binary'
    const key = (item: Json) => (isExact ? String(item) : String(item).normalize('NFKC').toLowerCase().normalize('NFKC'))
    return one.uniqueness === 'none' ? [] : items.map((item) => `${path}${one.name} ${key(item)}`)
  })
}

const isSecret = (one: AttributeDefinition) => one.returned === 'never' || one.mutability === 'writeOnly'

type Stored = { id: string; profile: JsonObject; search: JsonObject; version: number }
const rowsOf = async (tenant: Tenant): Promise<Stored[]> =>
  (await tenant.rows('custom_resources')).sort((a, b) => (a.id < b.id ? -1 : 1))

describe('a definition that becomes another one', () => {
  it('leaves documents that fit it, having lost what was told and no more', async () => {
    await fc.assert(
      fc.asyncProperty(change, async ({ before, after, documents }) => {
        const tenant = await newTenant()
        await declare(tenant, inputOf(before))
        for (const document of documents) {
          const answer = await tenant.scim.post('/Kinds', { schemas: [urn], ...document })
          assert.equal(answer.status, 201, answer.text)
        }
        const old = await rowsOf(tenant)
        const define = (onLoss: 'refuse' | 'accept') =>
          tenant.app.core.journal.change(
            anyAuthority(tenant.orgId),
            async (c) => (await defineResourceType(c, inputOf(after), onLoss)).differences,
          )
        const first = await define('refuse').catch((error: unknown) => error)
        let judged: readonly Judged[]
        if (first instanceof AppError) {
          assert.equal(first.code, 'data_would_not_fit')
          assert.deepEqual(await rowsOf(tenant), old)
          judged = await define('accept')
          assert.ok(judged.some(({ resources }) => resources > 0))
        } else {
          judged = first as readonly Judged[]
          assert.ok(judged.every(({ resources }) => resources === 0))
        }
        for (const { attribute, change: what, resources } of judged) {
          const [name = '', part] = attribute.split('.')
          if (what !== 'removed' || part !== undefined) continue
          assert.equal(resources, old.filter(({ profile }) => profile[name] !== undefined).length, attribute)
        }

        const now = await rowsOf(tenant)
        const dropping = judged.filter(({ effect, resources }) => effect === 'dropped' && resources > 0)
        for (const [at, { profile, version }] of now.entries()) {
          const was = old[at]
          assert.ok(was)
          const strict = profiles.rfc
          assert.deepEqual(readDocument(typeOf(shapes(after)), { schemas: [urn], ...profile }, strict), profile)
          const isSame = JSON.stringify(profile) === JSON.stringify(was.profile)
          assert.equal(version, isSame ? was.version : was.version + 1)
          const touched = new Set(dropping.map(({ attribute }) => attribute.split('.')[0]))
          for (const [name, value] of Object.entries(was.profile)) if (!touched.has(name)) assert.deepEqual(profile[name], value)
          for (const one of after) {
            const earlier = before.find(({ name }) => name === one.name)
            if (earlier && isSecret(earlier) && !isSecret(one)) assert.equal(profile[one.name], undefined)
          }
        }
        const held = now.map(({ profile }) => [...new Set(uniqueIn(after, profile))])
        assert.equal(new Set(held.flat()).size, held.flat().length, 'a unique value is held twice')
        assert.equal((await tenant.rows('unique_values')).length, held.flat().length)
      }),
      { numRuns: 40, interruptAfterTimeLimit: 60_000 },
    )
  }).timeout(120_000)
})
