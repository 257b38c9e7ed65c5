import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readJson } from '../../src/http/json.js'
import { AppError } from '../../src/platform/errors.js'

function refusal(text: string, limits?: Parameters<typeof readJson>[1]): AppError {
  try {
    readJson(text, limits)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  return assert.fail(`accepted: ${text.slice(0, 80)}`)
}

const reserved = ['__proto__', 'constructor', 'prototype']

describe('strict JSON', () => {
  it('reads every value that JSON can write, as JSON.parse does', () => {
    const key = fc.string({ unit: 'grapheme' }).filter((text) => !reserved.includes(text) && !text.includes('\0'))
    const string = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    const number = fc.double({ noNaN: true, min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        string,
        number,
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, 4), (written, indent) => {
        const text = JSON.stringify(written, undefined, indent)
        assert.deepEqual(readJson(text), JSON.parse(text))
      }),
    )
  })

  it('accepts no text that JSON.parse refuses', () => {
    const snippets = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u12',
      'a',
      '0',
      '-',
      '.',
      'e',
      'true',
      'null',
      ' ',
      '\n',
      '\t',
      '\u0001',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...snippets), { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let read: unknown
        try {
          read = readJson(text)
        } catch {
          return
        }
        assert.deepEqual(read, JSON.parse(text))
      }),
      { numRuns: 2000 },
    )
  })

  const broken: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['an empty text', '', /a value was expected, not the end, at line 1, column 1\.$/],
    ['text after the value', '{} x', /nothing more was expected, not "x", at line 1, column 4/],
    ['a missing comma', '{"a":1\n "b":2}', /"," or "}" was expected, not "\\"", at line 2, column 2/],
    ['a trailing comma', '[1,]', /a value was expected, not "]", at line 1, column 4/],
    ['a key without quotes', '{a:1}', /a key in double quotes was expected/],
    ['single quotes', "{'a':1}", /a key in double quotes was expected/],
    ['a leading zero', '[01]', /"," or "]" was expected/],
    ['a leading plus', '[+1]', /a value was expected/],
    ['a word of JavaScript', '[NaN]', /a value was expected/],
    ['a string without an end', '["abc', /a string without an end at line 1, column 2/],
    ['a line break inside a string', '["a\nb"]', /a string with a control character or an unknown escape at line 1, column 2/],
    ['an unknown escape', '["\\x41"]', /an unknown escape at line 1, column 2/],
    ['an escape cut short', '["\\u12"]', /an unknown escape/],
    ['an escaped last quote', '["\\\\\\"]', /a string without an end/],
    ['a byte order mark', '\ufeff{}', /a value was expected/],
  ]
  for (const [what, text, says] of broken) {
    it(`refuses ${what} and says where`, () => {
      const error = refusal(text)
      assert.deepEqual([error.kind, error.code], ['invalid', 'json_invalid'])
      assert.match(error.detail, says)
    })
  }

  it('SEC-SCIM-20 refuses a key that comes twice, also when one of them is escaped', () => {
    assert.match(refusal('{"a":1,"b":{"c":1,"c":2}}').detail, /the key "c" a second time at line 1, column 19/)
    refusal('{"a":1,"\\u0061":2}')
    assert.deepEqual(readJson('{"a":{"x":1},"b":{"x":1}}'), { a: { x: 1 }, b: { x: 1 } })
  })

  it('SEC-SCIM-20 refuses numbers that a double cannot hold', () => {
    for (const number of ['1e400', '-1e400', '9007199254740993', '-9007199254740992', '1e16', `1${'0'.repeat(400)}`]) {
      assert.match(refusal(`{"n":${number}}`).detail, /a number beyond ±9007199254740991/)
    }
    assert.deepEqual(
      readJson('[9007199254740991,-9007199254740991,1e-400,0.1,-0]'),
      [9007199254740991, -9007199254740991, 0, 0.1, -0],
    )
  })

  it('SEC-SCIM-20 refuses nesting deeper than 64, of either kind, and takes 64', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
      assert.match(refusal(nested(65)).detail, /nesting deeper than 64/)
      assert.match(refusal(open.repeat(1_000_000)).detail, /nesting deeper than 64/)
      readJson(nested(64))
    }
  })

  it('SEC-SCIM-10 refuses keys that name a prototype, anywhere, however they are spelled', () => {
    for (const key of [...reserved, '\\u005f_proto__', 'constr\\u0075ctor']) {
      for (const text of [`{"${key}":{}}`, `{"a":[{"b":{"${key}":1}}]}`, `[{"${key}":null}]`]) {
        assert.match(refusal(text).detail, /the reserved key/)
      }
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
    assert.equal(Object.getPrototypeOf(readJson('{"toString":1}')), Object.prototype)
  })

  it('refuses strings and keys with a NUL or half a character', () => {
    for (const text of ['"\\u0000"', '"\\ud800"', '"\\udc00x"', '"\\udc00\\ud800"', '"a\ud800"']) {
      assert.match(refusal(text).detail, /a NUL or half a character/)
      refusal(`{${text}:1}`)
    }
    assert.equal(readJson('"\\ud83d\\ude00 \ud83d\ude00"'), '😀 😀')
  })

  it('stops at the first element too many of a list it was told to watch, whatever follows', () => {
    const limits = { longest: { Operations: 2 } }
    assert.deepEqual(readJson('{"operations":[1,2],"a":{"Operations":[1,2,3]}}', limits), {
      operations: [1, 2],
      a: { Operations: [1, 2, 3] },
    })
    for (const name of ['Operations', 'operations', 'OPERATIONS']) {
      const error = refusal(`{"${name}":[1,2,{"broken"`, limits)
      assert.deepEqual([error.kind, error.code], ['too_large', 'json_too_many'])
      assert.match(error.detail, /more than 2 elements/)
    }
  })
})
