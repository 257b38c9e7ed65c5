import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type ScimResource, scimPatch } from 'scim-patch'
import { AppError } from '../../src/platform/errors.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import { applyPatch, type MemberDelta, planPatch, readPatch } from '../../src/scim/patch.js'
import { enterprise, type } from '../support/kinds.js'
import { intent, person, style, written } from '../support/patch-arbitraries.js'
import { apply, documentOf, type Intent, type Person, Refused } from '../support/patch-model.js'
import { memberDeltas, message, patch } from '../support/patching.js'

const prototypes = () =>
  JSON.stringify([Object.prototype, Array.prototype].map((prototype) => Object.getOwnPropertyNames(prototype)))
const inherited = prototypes()

type Outcome = { readonly document: JsonObject } | { readonly refused: string }

function modelled(before: Person, intents: readonly Intent[], missing: 'noTarget' | 'create'): Outcome {
  try {
    return { document: documentOf(intents.reduce((now, one) => apply(now, one, missing), before)) }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message.toLowerCase() }
    throw error
  }
}

function engine(document: JsonObject, operations: Json[], missingTarget: 'noTarget' | 'create'): Outcome & { changed?: boolean } {
  try {
    const result = patch(document, operations, { switches: { ...profiles.entra, missingTarget } })
    return { document: result.document, changed: result.changed }
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code.replace(/^scim|_/g, '') }
    throw error
  }
}

describe('PATCH under random operations', () => {
  afterEach(() => assert.equal(prototypes(), inherited))

  it('SEC-SCIM-9 does what a naive reading of the RFC does, however the operations are spelled', () => {
    const missing = fc.constantFrom('noTarget' as const, 'create' as const)
    fc.assert(
      fc.property(person, fc.array(fc.tuple(intent, style), { maxLength: 8 }), missing, (before, list, missingTarget) => {
        const document = documentOf(before)
        const kept = structuredClone(document)
        const operations = list.map(([one, how]) => written(one, how))
        const expected = modelled(
          before,
          list.map(([one]) => one),
          missingTarget,
        )
        const { changed, ...found } = engine(document, operations, missingTarget)
        assert.deepEqual(found, expected, JSON.stringify(operations))
        assert.deepEqual(document, kept)
        if ('document' in expected) assert.equal(changed, !isEqual(expected.document, kept))
      }),
      { numRuns: 1000 },
    )
  })

  it('a PATCH sent twice has no more effect than once where it only adds or replaces', () => {
    const setting = intent.filter(({ does }) => ['set', 'merge', 'append', 'swap', 'clear'].includes(does))
    fc.assert(
      fc.property(person, setting, style, (before, one, how) => {
        const once = engine(documentOf(before), [written(one, how)], 'create')
        if ('refused' in once) return
        const twice = engine(once.document, [written(one, how)], 'create')
        assert.deepEqual(twice, { document: once.document, changed: false })
      }),
    )
  })

  it('SEC-SCIM-10 whatever is sent, the answer is a document with names of the schema or a refusal, and no prototype changes', () => {
    const segment = fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'name',
      'givenName',
      'emails',
      'value',
      enterprise,
      'x',
    )
    const joined = fc
      .array(segment, { minLength: 1, maxLength: 3 })
      .chain((parts) => fc.constantFrom('.', ':').map((mark) => parts.join(mark)))
    const path = fc.oneof(
      joined,
      fc.tuple(segment, segment, segment).map(([a, b, c]) => `${a}[${b} eq "x"].${c}`),
      fc.string(),
    )
    const value = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>('x', '', null, true, 1, [], {}),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.array(fc.tuple(fc.oneof(segment, path), tie('any')), { maxLength: 3 }).map(objectOf),
      ),
    })).any
    const operation = fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), path, value }, { requiredKeys: ['op'] })
    const names = new Set([
      'userName',
      ...type.schema.attributes.map((one) => one.name),
      'externalId',
      ...type.extensions.map((one) => one.schema.id),
    ])
    fc.assert(
      fc.property(person, fc.array(operation as fc.Arbitrary<Json>, { maxLength: 3 }), (before, operations) => {
        const document = documentOf(before)
        const kept = structuredClone(document)
        const found = engine(document, operations, 'create')
        assert.deepEqual(document, kept)
        if ('document' in found) for (const name of Object.keys(found.document)) assert.ok(names.has(name), name)
        assert.equal(prototypes(), inherited)
      }),
      { numRuns: 1000 },
    )
  })

  it('SEC-SCIM-9 member deltas leave the members that a naive list would have', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'A')
    const ids = fc.array(id, { maxLength: 3 })
    const does = fc.constantFrom('add' as const, 'remove' as const, 'replace' as const, 'filter' as const, 'all' as const)
    fc.assert(
      fc.property(ids, fc.array(fc.tuple(does, ids, fc.boolean()), { maxLength: 8 }), (before, list) => {
        let naive: string[] = before
        for (const [op, some] of list) {
          if (op === 'add') naive = [...naive, ...some]
          else if (op === 'replace') naive = some
          else naive = op === 'all' ? [] : naive.filter((member) => !some.some((one) => one === member))
        }
        const operations = list.flatMap(([op, some, bare]): Json[] => {
          const value = some.map((one) => (bare ? one : { $ref: null, value: one }))
          if (op === 'all') return [{ op: 'remove', path: 'members' }]
          if (op !== 'filter') return [{ op, path: 'members', value }]
          const terms = some.map((one) => `value eq "${one}"`)
          return bare
            ? terms.map((term) => ({ op: 'Remove', path: `members[${term}]` }))
            : terms.length === 0
              ? []
              : [{ op: 'remove', path: `members[${terms.join(' or ')}]` }]
        })
        const rows = memberDeltas(operations, { ...profiles.generic, emptyOperations: 'accept' }).reduce(applied, new Set(before))
        assert.deepEqual([...rows].sort(), [...new Set(naive)].sort())
      }),
      { numRuns: 1000 },
    )
  })

  it('agrees with scim-patch where scim-patch is right', () => {
    const text = fc.constantFrom('x', 'y', 'z')
    const kind = fc.constantFrom('work', 'home', 'other')
    const simplePath = fc.constantFrom('title', 'nickName', 'name.givenName', 'name.familyName', `${enterprise}:department`)
    const operation = fc.oneof(
      fc.record({ op: fc.constantFrom('add', 'replace', 'Add', 'Replace'), path: simplePath, value: text }),
      fc.record({ op: fc.constantFrom('remove', 'Remove'), path: simplePath }),
      fc.record({
        op: fc.constantFrom('add', 'replace'),
        value: fc.dictionary(fc.constantFrom('title', 'name.givenName', `${enterprise}:department`), text, { minKeys: 1 }),
      }),
      fc.record({
        op: fc.constant('replace'),
        path: fc.constant('emails'),
        value: fc.uniqueArray(fc.record({ type: kind, value: text }), { minLength: 1, selector: (one) => one.type + one.value }),
      }),
      fc.record({
        op: fc.constant('remove'),
        path: fc.oneof(
          fc.constant('emails'),
          kind.map((one) => `emails[type eq "${one}"]`),
          text.map((one) => `emails[value eq "${one}"]`),
        ),
      }),
      fc.record({ op: fc.constant('add'), path: fc.constant('emails'), value: fc.tuple(fc.record({ type: kind, value: text })) }),
    )
    fc.assert(
      fc.property(fc.array(operation as fc.Arbitrary<JsonObject>, { minLength: 1, maxLength: 8 }), (operations) => {
        const plan = planPatch(type, readPatch(message(operations), profiles.rfc), profiles.rfc)
        const ours = applyPatch(type, { userName: 'ada' }, plan).document
        // It refuses a filter on a list that is not there, so it gets an empty one.
        let theirs: JsonObject = { userName: 'ada' }
        for (const one of structuredClone(operations)) {
          const resource = { emails: [], ...theirs } as unknown as ScimResource
          theirs = assigned(scimPatch(resource, [one as never]) as unknown as JsonObject)
        }
        assert.deepEqual(ours, theirs)
      }),
      { numRuns: 1000 },
    )
  })
})

function applied(members: Set<string>, delta: MemberDelta): Set<string> {
  switch (delta.kind) {
    case 'add':
      return new Set([...members, ...delta.values.map((one) => one.value)])
    case 'remove':
      return new Set([...members].filter((one) => !delta.values.includes(one)))
    case 'replaceAll':
      return new Set(delta.values.map((one) => one.value))
    case 'removeAll':
      return new Set()
    case 'removeWhere':
      throw new Error('these operations name ids only')
  }
}

/** scim-patch leaves empty lists and objects behind where RFC 7643 §2.5 says unassigned. */
function assigned(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).filter(([, value]) => typeof value !== 'object' || Object.keys(value ?? {}).length > 0),
  )
}

function objectOf(entries: [string, Json][]): JsonObject {
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`)
}

function isEqual(a: Json, b: Json): boolean {
  try {
    assert.deepEqual(a, b)
    return true
  } catch {
    return false
  }
}
