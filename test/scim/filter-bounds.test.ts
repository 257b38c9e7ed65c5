import assert from 'node:assert/strict'
import { type FilterSyntax, parseFilter, parsePatchPath } from '../../src/scim/filter-syntax.js'
import { refusalOf } from '../support/refusal.js'

const parse = (text: string) => parseFilter(text, { bareValues: 'refuse' })
const eq = (path: string, value: string): FilterSyntax => ({ op: 'eq', path, value })
const pr = (path: string): FilterSyntax => ({ op: 'pr', path })
const or = (...terms: FilterSyntax[]): FilterSyntax => ({ op: 'or', terms })

describe('SEC-SCIM-12 length, depth and number of terms are bounded before anything recurses', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`
  const flat = (terms: number) => Array.from({ length: terms }, () => 'a pr').join(' or ')

  it('reads what is just within the bounds', () => {
    assert.deepEqual(parse(nested(32)), pr('a'))
    assert.deepEqual(parse(flat(100)), or(...Array.from({ length: 100 }, () => pr('a'))))
    assert.deepEqual(parse(`a eq "${'x'.repeat(8192 - 7)}"`), eq('a', 'x'.repeat(8192 - 7)))
  })

  const tooMuch: readonly (readonly [what: string, text: string, detail: RegExp])[] = [
    ['33 brackets', nested(33), /nests deeper than 32 levels/],
    ['8,000 brackets', '('.repeat(8000), /nests deeper than 32 levels/],
    ['8,000 brackets closed', nested(4000), /nests deeper than 32 levels/],
    ['a chain of "not ("', `${'not ('.repeat(1600)}a !!`, /nests deeper than 32 levels/],
    ['brackets in a value path', `a[${nested(32)}]`, /nests deeper than 32 levels/],
    ['101 terms', flat(101), /has more than 100 terms/],
    ['1 MB flat', flat(130_000), /is longer than 8192 bytes/],
    ['1 MB in one string', `a eq "${'x'.repeat(1_000_000)}"`, /is longer than 8192 bytes/],
    ['50,000 dots', `${'.'.repeat(50_000)} pr`, /is longer than 8192 bytes/],
    ['8,193 bytes in fewer characters', `a eq "${'é'.repeat(4093)}"`, /is longer than 8192 bytes/],
  ]
  for (const [what, text, detail] of tooMuch) {
    it(`refuses ${what} in a filter`, () => {
      const refusal = refusalOf(() => parse(text))
      assert.match(refusal, /^scim_invalid_filter: /)
      assert.match(refusal, detail)
      assert.ok(refusal.length < 300)
    })
  }

  it('refuses the same in a path', () => {
    for (const text of [
      `a[${nested(32)}]`,
      `a[${'('.repeat(8000)}`,
      `a[${flat(101)}]`,
      '.'.repeat(50_000),
      `a[${flat(130_000)}]`,
    ]) {
      assert.match(
        refusalOf(() => parsePatchPath(text)),
        /^scim_invalid_path: The path (?:is longer|nests deeper|has more)/,
      )
    }
  })

  it('reads 8,000 dots as one name without looking at them twice', () => {
    assert.deepEqual(parse(`${'.'.repeat(8000)} pr`), pr('.'.repeat(8000)))
  })
})
