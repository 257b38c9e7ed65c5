import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AttributeDefinition } from '../../src/contract/attribute-definition.js'
import { AppError } from '../../src/platform/errors.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { project } from '../../src/scim/projection.js'
import { commonAttributes } from '../../src/scim/schema-common.js'
import { readDocument } from '../../src/scim/validate.js'
import { core, entra, type } from '../support/kinds.js'

const definitions = [
  ...commonAttributes,
  ...type.schema.attributes,
  ...type.extensions.flatMap(({ schema }) => schema.attributes),
]
const named = [...definitions, ...definitions.flatMap((definition): AttributeDefinition[] => definition.subAttributes ?? [])]
const names = [...new Set(named.map((definition) => definition.name)), ...type.extensions.map(({ schema }) => schema.id)]

const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...names) },
  { weight: 2, arbitrary: fc.constantFrom(...names).map((name) => name.toUpperCase()) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'urn:x', '') },
)
const leaf = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 'True', '', 'x', 'X', 'work', '2024-02-29T00:00:00Z', 'TWE=', 1, 1.5, -0, 1e300),
  fc.string({ unit: 'binary' }),
)
const { value } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries) =>
      JSON.parse(`{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${JSON.stringify(inner)}`).join()}}`),
    ),
}))

/** A body that is often right: each attribute by chance, its value of its type or not. */
const body = fc.array(fc.tuple(key, fc.oneof(value, fittingValue())), { maxLength: 8 }).map((entries): JsonObject => {
  const text = entries.map(([name, inner]) => `${JSON.stringify(name)}:${JSON.stringify(inner)}`)
  return JSON.parse(`{${[...text, `"schemas":["${core}"]`, '"userName":"ada"'].join()}}`)
})

function fittingValue(): fc.Arbitrary<Json> {
  const element = fc.record(
    {
      value: fc.constantFrom('a', 'A', 'b'),
      type: fc.constantFrom('work', 'Work', 'home'),
      display: fc.string({ maxLength: 3 }),
      primary: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  return fc.array(element, { maxLength: 4 })
}

function attempt(input: Json): JsonObject | undefined {
  try {
    return readDocument(type, input, entra)
  } catch (error) {
    // Anything else is a bug and fails the property.
    if (error instanceof AppError && error.kind === 'invalid') return undefined
    throw error
  }
}

describe('reading any JSON at all', () => {
  it('SEC-SCIM-10 gives a refusal or a document of schema keys only, and Object.prototype stays as it was', () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    let taken = 0
    fc.assert(
      fc.property(fc.oneof(body, value), (input) => {
        const document = attempt(input)
        assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before)
        if (!document) return
        taken += 1
        const tops = new Set([...type.schema.attributes.map((attribute) => attribute.name), 'externalId'])
        const urns = new Set(type.extensions.map(({ schema }) => schema.id))
        for (const name of Object.keys(document)) assert.ok(tops.has(name) || urns.has(name), name)
        JSON.stringify(document, (name, inner) => {
          assert.ok(name === '' || /^\d+$/.test(name) || names.includes(name), name)
          assert.ok(inner !== null && !(Array.isArray(inner) && inner.length === 0), 'nothing unassigned is kept')
          return inner
        })
      }),
      { numRuns: 1000 },
    )
    assert.ok(taken > 50, `only ${taken} bodies were taken: the generator is too wild to show anything`)
  })

  it('what was read reads the same again, so a client may PUT what it was given', () => {
    fc.assert(
      fc.property(body, (input) => {
        const document = attempt(input)
        if (!document) return
        const { password: _, ...visible } = document
        const shown = project(type, { ...document, schemas: [core], id: '1', meta: { resourceType: 'User' } }, {})
        assert.deepEqual(attempt(shown), visible)
      }),
      { numRuns: 1000 },
    )
  })
})
