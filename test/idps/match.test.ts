import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { mismatches, valueAt } from './match.js'

/** The judge of the transcripts: what it lets pass, they cannot prove. */
describe('matching of answers', () => {
  const fits: readonly (readonly [expected: Json, actual: Json])[] = [
    [{}, { a: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: null }, { a: null }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: [{ b: 1 }, { c: 2 }] }, { a: [{ b: 1, c: 2 }, { b: 1 }] }],
    [{ a: [] }, { a: [] }],
    [{ a: { $type: 'number' } }, { a: 0 }],
    [{ a: { $type: 'list' } }, { a: [] }],
    [{ a: { $empty: true } }, {}],
    [
      { a: { $empty: true }, b: { $empty: true }, c: { $empty: true } },
      { a: null, b: [], c: '' },
    ],
    [{ a: { $empty: false } }, { a: false }],
    [{ a: { $matches: '^x.z$' } }, { a: 'xyz' }],
    [{ a: { $oneOf: ['1', 1] } }, { a: 1 }],
    [{ a: { $contains: [{ b: 1 }] } }, { a: [{ b: 2 }, { b: 1, c: 1 }] }],
    [{ a: { $contains: [1], $lacks: [2] } }, { a: [1, 3] }],
    [{ a: { $exactly: { b: 1 } } }, { a: { b: 1 } }],
    [
      { $ref: 'x', value: 'y' },
      { $ref: 'x', value: 'y' },
    ],
  ]
  for (const [expected, actual] of fits) {
    it(`${JSON.stringify(actual)} is ${JSON.stringify(expected)}`, () => assert.deepEqual(mismatches(expected, actual), []))
  }

  const misfits: readonly (readonly [expected: Json, actual: Json, at: string])[] = [
    [{ a: 1 }, { a: '1' }, '/a:'],
    [{ a: 1 }, {}, '/a:'],
    [{ a: false }, { a: 'False' }, '/a:'],
    [{ a: null }, {}, '/a:'],
    [{ a: { b: 1 } }, { a: 1 }, '/a:'],
    [{ a: [1] }, { a: [1, 2] }, '/a:'],
    [{ a: [1, 1] }, { a: [1, 2] }, '/a/1:'],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, '/a/0/b:'],
    [{ a: [] }, {}, '/a:'],
    [{ a: { $type: 'string' } }, {}, '/a:'],
    [{ a: { $type: 'number' } }, { a: '1' }, '/a:'],
    [{ a: { $empty: true } }, { a: [1] }, '/a:'],
    [{ a: { $empty: true } }, { a: false }, '/a:'],
    [{ a: { $empty: false } }, { a: [] }, '/a:'],
    [{ a: { $matches: '^x$' } }, { a: 1 }, '/a:'],
    [{ a: { $oneOf: [1, 2] } }, { a: 3 }, '/a:'],
    [{ a: { $contains: [1] } }, { a: 1 }, '/a:'],
    [{ a: { $contains: [1, 2] } }, { a: [1] }, '/a:'],
    [{ a: { $lacks: [{ b: 1 }] } }, { a: [{ b: 1, c: 1 }] }, '/a:'],
    [{ a: { $exactly: { b: 1 } } }, { a: { b: 1, c: 1 } }, '/a:'],
    [{ 'urn:a/b~c': 1 }, { 'urn:a/b~c': 2 }, '/urn:a~1b~0c:'],
    [1, 2, '/:'],
  ]
  for (const [expected, actual, at] of misfits) {
    it(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}, which is said at ${at}`, () => {
      const lines = mismatches(expected, actual)
      assert.equal(lines.length, 1)
      assert.ok(lines[0]?.startsWith(at), lines[0])
    })
  }

  it('a JSON pointer finds what it names, and nothing else', () => {
    const document = { a: [{ 'b/c': 1 }], 'x~y': null }
    assert.deepEqual(
      ['', '/a/0/b~1c', '/x~0y', '/a/1', '/a/0/b/c', '/toString'].map((pointer) => valueAt(document, pointer)),
      [document, 1, null, undefined, undefined, undefined],
    )
  })
})
