import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type FilterSyntax, type FilterValue, parseFilter } from '../../src/scim/filter-syntax.js'
import { userType } from '../../src/scim/resource-types.js'
import { filterOf } from '../support/filter-arbitraries.js'
import { filterText } from '../support/filter-text.js'
import { refusalOf } from '../support/refusal.js'

const strict = { bareValues: 'refuse' } as const
const lenient = { bareValues: 'accept' } as const
const parse = (text: string) => parseFilter(text, strict)
const eq = (path: string, value: FilterValue): FilterSyntax => ({ op: 'eq', path, value })
const pr = (path: string): FilterSyntax => ({ op: 'pr', path })
const and = (...terms: FilterSyntax[]): FilterSyntax => ({ op: 'and', terms })
const or = (...terms: FilterSyntax[]): FilterSyntax => ({ op: 'or', terms })
const not = (term: FilterSyntax): FilterSyntax => ({ op: 'not', term })
const within = (path: string, filter: FilterSyntax): FilterSyntax => ({ op: 'valuePath', path, filter })

describe('the filter grammar', () => {
  const readings: readonly (readonly [text: string, filter: FilterSyntax])[] = [
    ['a pr', pr('a')],
    ['a EQ "x"', eq('a', 'x')],
    ['  a   eq\t"x"  ', eq('a', 'x')],
    ['a.b eq "x"', eq('a.b', 'x')],
    ['urn:x:2.0:User:a.b eq 1', eq('urn:x:2.0:User:a.b', 1)],
    ['$ref eq "x"', eq('$ref', 'x')],
    // and binds tighter than or, not tighter than both, brackets tightest (§3.4.2.2 table 5)
    ['a pr or b pr and c pr', or(pr('a'), and(pr('b'), pr('c')))],
    ['a pr and b pr or c pr', or(and(pr('a'), pr('b')), pr('c'))],
    ['(a pr or b pr) and c pr', and(or(pr('a'), pr('b')), pr('c'))],
    ['a pr OR b pr Or c pr', or(pr('a'), pr('b'), pr('c'))],
    ['not (a pr) and b pr', and(not(pr('a')), pr('b'))],
    ['NOT(a pr or b pr)', not(or(pr('a'), pr('b')))],
    ['not (not (a pr))', not(not(pr('a')))],
    ['((a pr))', pr('a')],
    ['not pr', pr('not')],
    ['and eq "or"', eq('and', 'or')],
    ['a[b pr]', within('a', pr('b'))],
    [
      'emails[type eq "work" and value co "@x" or not (primary eq true)]',
      within('emails', or(and(eq('type', 'work'), { op: 'co', path: 'value', value: '@x' }), not(eq('primary', true)))),
    ],
    ['a[(b pr)] and c pr', and(within('a', pr('b')), pr('c'))],
    ['a[b pr].c eq "x"', within('a', and(pr('b'), eq('c', 'x')))],
    ['a[b pr].c pr or d pr', or(within('a', and(pr('b'), pr('c'))), pr('d'))],
    ['urn:x:2.0:User:a[b pr]', within('urn:x:2.0:User:a', pr('b'))],
  ]
  for (const [text, filter] of readings) it(`reads ${text}`, () => assert.deepEqual(parse(text), filter))

  for (const op of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) {
    it(`has the operator ${op}, in any case`, () => {
      for (const spelled of [op, op.toUpperCase()]) assert.deepEqual(parse(`a ${spelled} "x"`), { op, path: 'a', value: 'x' })
    })
  }

  const literals: readonly (readonly [text: string, value: FilterValue])[] = [
    ['"x"', 'x'],
    ['""', ''],
    ['" x "', ' x '],
    [String.raw`"a\"b"`, 'a"b'],
    [String.raw`"a\\"`, 'a\\'],
    [String.raw`"a\\\"b"`, 'a\\"b'],
    [String.raw`"\u00e9\ud83d\ude00\/\b\f\n\r\t"`, 'é😀/\b\f\n\r\t'],
    ['"é😀"', 'é😀'],
    ['"a) and (b] pr ["', 'a) and (b] pr ['],
    [`"O'Hara %_?"`, `O'Hara %_?`],
    ['true', true],
    ['false', false],
    ['null', null],
    ['0', 0],
    ['-1.5e3', -1500],
    ['1E-2', 0.01],
    ['True', { bare: 'True' }],
    ['FALSE', { bare: 'FALSE' }],
  ]
  for (const [text, value] of literals)
    it(`reads the literal ${text}`, () => assert.deepEqual(parse(`a eq ${text}`), eq('a', value)))

  it('takes unquoted values where they are accepted, and leaves their meaning to the attribute', () => {
    for (const bare of ['jyoung', '007', '12', 'a@b.c', '0d6e0c8a-1', 'True']) {
      assert.deepEqual(parseFilter(`externalId eq ${bare}`, lenient), eq('externalId', { bare }))
    }
    assert.deepEqual(parseFilter('a eq true and b eq null', lenient), and(eq('a', true), eq('b', null)))
  })

  it('reads back every filter it can be given, whatever the case of operators and the escapes', () => {
    fc.assert(
      fc.property(filterOf(userType), fc.boolean(), (filter, odd) => {
        const text = filterText(filter, odd)
        fc.pre(Buffer.byteLength(text) <= 8192)
        assert.deepEqual(parse(text), filter)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a malformed filter is 400 invalidFilter, and the refusal says where', () => {
  const refused: readonly (readonly [text: string, detail: RegExp])[] = [
    ['', /filter is empty/],
    ['   ', /filter is empty/],
    ['word', /character 5: an operator after "word" was expected, not the end/],
    ['a xx "b"', /character 3: "xx" is no operator; use eq, ne/],
    ['a eq', /character 5: a value was expected after "eq", not the end/],
    ['a eq )', /character 6: a value was expected/],
    ['a eq jyoung', /character 6: "jyoung" is no value; put text in double quotes/],
    ["a eq 'b'", /"'b'" is no value/],
    ['a eq 01', /"01" is no value/],
    ['a eq 1.', /"1." is no value/],
    ['a eq +1', /is no value/],
    ['a eq 1e999', /is no value/],
    ['a eq Null', /"Null" is no value/],
    ['a eq "b', /character 6: a string starts that has no closing quote/],
    [String.raw`a eq "b\"`, /no closing quote/],
    [String.raw`a eq "\x"`, /not a JSON string/],
    ['a eq "b\nc"', /not a JSON string/],
    ['a eq "b"and c pr', /character 9: a space is missing after the string/],
    ['a eq "b" c pr', /character 10: "and", "or" or the end was expected, not "c"/],
    ['a pr and', /character 9: an attribute was expected, not the end/],
    ['and a pr', /"a" is no operator/],
    ['a pr or or b pr', /"b" is no operator/],
    ['"a" eq "b"', /character 1: an attribute was expected, not a string/],
    ['(a pr', /character 6: "\)" was expected for the bracket at character 1, not the end/],
    ['a pr)', /character 5: .*not "\)"/],
    ['()', /an attribute was expected, not "\)"/],
    ['not a pr', /"a" is no operator/],
    ['not (a pr', /"\)" was expected/],
    ['a[b pr', /"\]" was expected/],
    ['a[b pr)', /"\]" was expected for the bracket at character 2, not "\)"/],
    ['a[]', /an attribute was expected/],
    ['a[b[c pr]]', /character 4: a value path cannot stand inside another one/],
    ['a[(b[c pr])]', /a value path cannot stand inside another one/],
    ['a[b pr].', /a sub-attribute such as ".value" was expected/],
    ['a[b pr]c pr', /a sub-attribute such as ".value" was expected/],
    ['a[b pr].c', /an operator after "c" was expected/],
    ['[a pr]', /an attribute was expected, not "\["/],
  ]
  for (const [text, detail] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const refusal = refusalOf(() => parse(text))
      assert.match(refusal, /^scim_invalid_filter: The filter is /)
      assert.match(refusal, detail)
    })
  }

  it('SEC-SCIM-11 refuses text that PostgreSQL cannot hold, raw and escaped', () => {
    for (const text of [
      'a eq "\0"',
      String.raw`a eq "\u0000"`,
      String.raw`a eq "\ud800"`,
      'a eq "\ud800"',
      'a\0 pr',
      String.raw`a eq "\udc00\ud800"`,
    ]) {
      assert.match(
        refusalOf(() => parse(text)),
        /^scim_invalid_filter: .*NUL or half of a surrogate pair/,
      )
    }
    assert.match(
      refusalOf(() => parseFilter('a eq b\0', lenient)),
      /^scim_invalid_filter/,
    )
  })
})
