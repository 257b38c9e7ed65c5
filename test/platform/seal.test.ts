import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { seal, unseal } from '../../src/platform/seal.js'

const secret = randomBytes(32)

describe('sealed text', () => {
  it('opens with the same secret and purpose, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, purpose) => {
        assert.equal(unseal(secret, purpose, seal(secret, purpose, text)), text)
      }),
    )
  })

  it('consists of unreserved characters and shows nothing of the text (RFC 3986 §2.3)', () => {
    const sealed = seal(secret, 'a', 'ada@example.com')
    assert.match(sealed, /^[A-Za-z0-9_-]+$/)
    assert.ok(!Buffer.from(sealed, 'base64url').toString('latin1').includes('ada'))
    assert.notEqual(sealed, seal(secret, 'a', 'ada@example.com'))
  })

  it('does not open for another purpose or with another secret', () => {
    const sealed = seal(secret, 'a', 'text')
    assert.equal(unseal(secret, 'b', sealed), undefined)
    assert.equal(unseal(randomBytes(32), 'a', sealed), undefined)
  })

  it('does not open with any character changed, added or left out', () => {
    const sealed = seal(secret, 'a', 'text')
    const place = fc.nat({ max: sealed.length - 1 })
    const letter = fc.constantFrom(...'ABYZabyz0189-_=.~ +/%\0é')
    fc.assert(
      fc.property(place, letter, fc.constantFrom(0, 1), (at, other, kept) => {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1 - kept)
        if (changed !== sealed) assert.equal(unseal(secret, 'a', changed), undefined)
        assert.equal(unseal(secret, 'a', sealed.slice(0, at)), undefined)
        assert.equal(unseal(secret, 'a', sealed.slice(0, at) + sealed.slice(at + 1)), undefined)
      }),
      { numRuns: 500 },
    )
  })

  it('does not open where it was never sealed', () => {
    fc.assert(fc.property(fc.string({ maxLength: 100 }), (text) => assert.equal(unseal(secret, 'a', text), undefined)))
  })
})
