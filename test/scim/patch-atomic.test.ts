import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { babs, work } from '../support/babs.js'
import { enterprise } from '../support/kinds.js'
import { entra, generic, legacy, memberRefusal, patched, patchRefusal, strict } from '../support/patching.js'

/** Own keys of what every object inherits from; pollution shows here. */
const inherited = () =>
  JSON.stringify(
    [Object.prototype, Array.prototype, Function.prototype].map((prototype) => Reflect.ownKeys(prototype).map(String)),
  )

describe('PATCH is all or nothing', () => {
  it('SEC-SCIM-9 one bad operation at the end refuses the list and leaves the document as it was', () => {
    const before = structuredClone(babs)
    const good = [
      { op: 'remove', path: 'emails' },
      { op: 'replace', path: 'name.givenName', value: 'X' },
      { op: 'replace', path: `${enterprise}:manager`, value: '7' },
      { op: 'replace', path: 'addresses[type eq "work"].locality', value: 'X' },
    ]
    const bad: JsonObject[] = [
      { op: 'add', path: 'nope', value: 1 },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' },
      { op: 'remove', path: 'userName' },
      { op: 'replace', path: 'id', value: 'x' },
      { op: 'replace', path: 'active', value: 'maybe' },
      { op: 'remove', path: 'emails[nope eq 1]' },
    ]
    for (const operation of bad) {
      assert.match(patchRefusal(babs, [...good, operation]), /^scim_/)
      assert.deepEqual(babs, before)
    }
  })

  it('a document that was given is not touched by success either, down to its elements', () => {
    const frozen = deepFrozen(structuredClone(babs))
    const operations = [
      { op: 'add', path: 'emails', value: { value: 'n', primary: true } },
      { op: 'replace', path: 'emails[type eq "home"].display', value: 'x' },
      { op: 'add', path: 'name', value: { givenName: 'X' } },
      { op: 'remove', path: `${enterprise}:manager` },
    ]
    const result = patched(frozen as JsonObject, operations)
    assert.deepEqual((result.emails as Json[])[0], { ...work, primary: false })
    assert.deepEqual(frozen, babs)
  })
})

describe('PATCH and the prototypes of JavaScript', () => {
  const vectors = [
    '__proto__',
    '__proto__.x',
    'constructor',
    'constructor.prototype.x',
    'prototype.x',
    '__PROTO__.x',
    'name.__proto__',
    'name.constructor',
  ]
  const urns = [
    `${enterprise}:__proto__`,
    `${enterprise}:__proto__.x`,
    `${enterprise}:constructor.prototype`,
    `${enterprise}.__proto__.x`,
    'urn:__proto__:x',
  ]
  const inheritedNames = [
    'toString.x',
    'toString',
    'hasOwnProperty',
    'valueOf.x',
    'name.toString',
    'emails.length',
    'emails.0',
    `${enterprise}:toString.x`,
  ]
  const filtered = [
    '__proto__[x eq 1]',
    'constructor[prototype eq 1].x',
    'emails[type eq "work"].__proto__',
    'emails[type eq "work"].constructor',
  ]
  const before = inherited()
  afterEach(() => assert.equal(inherited(), before))

  for (const [profile, switches] of Object.entries({ strict, generic, entra, legacy })) {
    it(`SEC-SCIM-10 a path that reaches for a prototype is 400 (${profile})`, () => {
      for (const path of [...vectors, ...urns, ...inheritedNames, ...filtered]) {
        for (const op of ['add', 'replace', 'remove']) {
          assert.match(
            patchRefusal(babs, [{ op, path, value: { x: 'polluted' } }], switches),
            /^scim_invalid_(path|filter): /,
            `${op} ${path}`,
          )
        }
      }
    })

    it(`SEC-SCIM-10 so is a name in a filter (${profile})`, () => {
      for (const name of ['__proto__', 'constructor', 'toString', '__proto__.x']) {
        const operation = { op: 'replace', path: `emails[${name} eq "x"].value`, value: 'x' }
        assert.match(patchRefusal(babs, [operation], switches), /^scim_invalid_filter: /)
        assert.match(memberRefusal([{ op: 'remove', path: `members[${name} eq "x"]` }], switches), /^scim_invalid_filter: /)
      }
    })

    it(`SEC-SCIM-10 so is a key of a value that names a prototype, at any depth (${profile})`, () => {
      const keys = [...vectors, ...urns, ...filtered]
      for (const key of keys) {
        assert.match(patchRefusal(babs, [{ op: 'add', value: own(key, { x: 'polluted' }) }], switches), /^scim_/, key)
      }
      for (const path of ['name', 'emails', 'emails[type eq "work"]', enterprise, `${enterprise}:manager`]) {
        for (const key of ['__proto__', 'constructor', 'prototype']) {
          assert.match(
            patchRefusal(babs, [{ op: 'replace', path, value: own(key, { x: 1 }) }], switches),
            /^scim_/,
            `${path} ${key}`,
          )
        }
      }
      assert.match(
        memberRefusal([{ op: 'add', path: 'members', value: [own('__proto__', {})] }], switches),
        /^scim_invalid_syntax: /,
      )
    })
  }

  it('SEC-SCIM-10 a name that every object inherits is unknown, never a value found', () => {
    const value = Object.fromEntries(inheritedNames.map((name) => [name, 'x']))
    assert.deepEqual(patched(babs, [{ op: 'add', value }]), babs)
    assert.deepEqual(patched(babs, [{ op: 'add', path: 'name', value: { toString: 'x', valueOf: 'x' } }]), babs)
  })

  it('SEC-SCIM-10 an organization cannot name an attribute like an inherited one', () => {
    for (const name of ['toString', 'valueOf', 'hasOwnProperty', '__proto__', 'constructor', 'Prototype']) {
      const define = () => defineSchema({ id: 'urn:acme:Odd', name: 'Odd', description: '', attributes: [{ name }] })
      assert.throws(define, /reserved|a letter/, name)
    }
  })
})

/** An object with `key` as its own, as JSON.parse makes it even of `__proto__`. */
function own(key: string, value: Json, more: JsonObject = {}): JsonObject {
  return JSON.parse(
    `{${JSON.stringify(key)}:${JSON.stringify(value)}${Object.entries(more).map((entry) => `,${JSON.stringify(entry[0])}:${JSON.stringify(entry[1])}`)}}`,
  )
}

function deepFrozen(value: Json): Readonly<Json> {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) deepFrozen(inner)
  return Object.freeze(value)
}
