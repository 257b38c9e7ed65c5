import assert from 'node:assert/strict'
import { AppError } from '../../src/platform/errors.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { readPatch } from '../../src/scim/patch.js'
import { babs, unchanged } from '../support/babs.js'
import { core, enterprise, kinds } from '../support/kinds.js'
import { generic, message, patchOp, patchRefusal, strict } from '../support/patching.js'
import { refusalOf } from '../support/refusal.js'

const refused = (operation: Json, switches = generic): string => patchRefusal(babs, [operation], switches)

describe('what PATCH refuses', () => {
  describe('the envelope', () => {
    const operation = { op: 'add', path: 'title', value: 'x' }
    const envelope = (body: Json) => refusalOf(() => readPatch(body, strict))

    it('a body that is no PatchOp message is 400 invalidSyntax', () => {
      const bodies: Json[] = [
        null,
        'x',
        [],
        {},
        { Operations: [operation] },
        { schemas: [core], Operations: [operation] },
        { schemas: patchOp, Operations: [operation] },
        { schemas: [patchOp] },
        { schemas: [patchOp], Operations: operation },
        { schemas: [patchOp], Operations: [] },
        { schemas: [patchOp], Operations: [null] },
        { schemas: [patchOp], Operations: ['add'] },
        { schemas: [patchOp], Operations: [operation], operations: [operation] },
      ]
      for (const body of bodies) assert.match(envelope(body), /^scim_invalid_syntax: /, JSON.stringify(body))
    })

    it('an operation has exactly one op, and it is add, remove or replace: else 400 invalidSyntax', () => {
      for (const op of [undefined, null, '', 'move', 7, ['add']]) {
        const { op: _, ...rest } = operation
        assert.match(
          envelope(message([op === undefined ? rest : { ...rest, op }])),
          /^scim_invalid_syntax: Operations\[0\]: "op" must/,
        )
      }
      assert.match(envelope(message([{ ...operation, Op: 'remove' }])), /^scim_invalid_syntax: /)
    })

    it('add and replace need a value, remove needs a path, and a path is text (§3.5.2)', () => {
      for (const op of ['add', 'replace'])
        assert.match(envelope(message([{ op, path: 'title' }])), /^scim_invalid_value: .*needs a "value"/)
      assert.match(envelope(message([{ op: 'remove' }])), /^scim_no_target: /)
      assert.match(envelope(message([{ op: 'remove', path: null, value: { title: 'x' } }])), /^scim_no_target: /)
      for (const path of [7, ['title'], {}, '', ' '])
        assert.match(envelope(message([{ ...operation, path }])), /^scim_invalid_path: /)
    })

    it('names and the URN compare without case; what else is there is passed over', () => {
      const body = {
        SCHEMAS: [patchOp.toUpperCase(), 'urn:other'],
        operations: [{ Op: 'ADD', Path: 'title', Value: 'x', name: 'y' }],
        x: 1,
      }
      assert.deepEqual(readPatch(body, strict), [operation])
    })

    it('1,000 operations pass and 1,001 are 413', () => {
      assert.equal(readPatch(message(Array(1000).fill(operation)), strict).length, 1000)
      const tooMany = () => readPatch(message(Array(1001).fill(operation)), strict)
      assert.throws(tooMany, (error) => error instanceof AppError && error.kind === 'too_large')
    })
  })

  describe('paths', () => {
    it('an attribute that the schema does not have is 400 invalidPath', () => {
      const paths = [
        'nope',
        'name.nope',
        'emails.nope',
        'name.givenName.x',
        'emails[type eq "work"].nope',
        'urn:nope:title',
        `${enterprise}:nope`,
      ]
      for (const path of [
        ...paths,
        `${core}:nope`,
        'title.x',
        ' title',
        'title ',
        'value',
        '.',
        ':',
        'a.'.repeat(50_000),
        'members',
      ]) {
        for (const op of ['add', 'replace', 'remove'])
          assert.match(refused({ op, path, value: 'x' }), /^scim_invalid_path: /, path.slice(0, 80))
      }
    })

    it('a malformed path is 400 invalidPath; a filter that is malformed or does not fit is 400 invalidFilter', () => {
      const paths = [
        'title[value eq "x"]',
        'name[givenName eq "x"].familyName',
        'emails.value[type eq "x"]',
        `${enterprise}[department eq "x"]`,
      ]
      for (const path of [
        ...paths,
        'emails[type eq "x"] value',
        'emails[type eq "x"]value',
        '[type eq "x"]',
        'emails[type eq "x"].value.x',
      ]) {
        assert.match(refused({ op: 'replace', path, value: 'x' }), /^scim_invalid_(path|filter): /, path)
      }
      const filters = [
        '',
        'type',
        'type eq',
        'type is "x"',
        'nope eq "x"',
        'type eq 7',
        'primary gt true',
        'primary eq "maybe"',
        'type eq "x',
        'type[value pr]',
      ]
      for (const filter of filters)
        assert.match(refused({ op: 'remove', path: `emails[${filter}]` }), /^scim_invalid_filter: /, filter)
    })

    it('unknown names in a value without path are passed over, or 400 invalidSyntax where the connection is strict', () => {
      const value = {
        nope: 1,
        'name.nope': 'x',
        'http://schemas.microsoft.com/2006/11/ADSCIM/2.0/Group': null,
        'urn:nope:2.0': {},
        '': 1,
      }
      unchanged(babs, [
        { op: 'add', value },
        { op: 'replace', path: 'name', value: { nope: 1 } },
      ])
      for (const [key, inner] of Object.entries(value)) {
        assert.match(refused({ op: 'add', value: { [key]: inner } }, strict), /^scim_invalid_syntax: /, key)
      }
      assert.match(
        refused({ op: 'replace', path: 'name', value: { nope: 1 } }, strict),
        /^scim_invalid_syntax: In "name": "nope"/,
      )
    })

    it('one attribute twice in one value is 400 invalidSyntax', () => {
      const values: JsonObject[] = [
        { title: 'a', Title: 'b' },
        { title: 'a', [`${core}:title`]: 'b' },
        { 'name.givenName': 'a', 'name.GivenName': 'b' },
      ]
      for (const value of values) assert.match(refused({ op: 'add', value }), /^scim_invalid_syntax: .*send it once/)
      assert.match(refused({ op: 'add', path: 'name', value: { givenName: 'a', GIVENNAME: 'b' } }), /^scim_invalid_syntax: /)
    })
  })

  it('a value of the wrong shape or type is 400 invalidValue that names the attribute', () => {
    const values: [string, Json][] = [
      ['title', 7],
      ['title', ['x']],
      ['title', { value: 'x' }],
      ['active', 'yes'],
      ['active', 1],
      ['name', 'Ada'],
      ['name', [{ givenName: 'A' }]],
      ['name.givenName', {}],
      ['emails', 7],
      ['emails', [[]]],
      ['emails', [{}]],
      ['emails', [{ nope: 1 }]],
      ['emails', [{ value: 7 }]],
      ['emails', [{ value: 'a', primary: 'yes' }]],
      ['emails[type eq "work"]', [{ value: 'a' }, { value: 'b' }]],
      ['emails[type eq "work"].value', ['x']],
      [`${enterprise}:manager`, 7],
      [`${enterprise}:manager`, [['x']]],
      [enterprise, 'x'],
      [`${kinds.id}:count`, '1'],
      [`${kinds.id}:count`, 1.5],
      [`${kinds.id}:since`, 'yesterday'],
      [`${kinds.id}:tags`, [1]],
      ['userName', ' '],
    ]
    for (const [path, value] of values) {
      for (const op of ['add', 'replace'])
        assert.match(refused({ op, path, value }), /^scim_invalid_value: /, `${path} ${JSON.stringify(value)}`)
    }
    for (const value of ['x', 7, [], null, true])
      assert.match(refused({ op: 'replace', value }), /^scim_invalid_value: "value" must be an object/)
  })
})
