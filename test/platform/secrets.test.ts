import assert from 'node:assert/strict'
import fc from 'fast-check'
import { newId } from '../../src/platform/ids.js'
import { mintToken, readToken, sha256 } from '../../src/platform/secrets.js'

describe('bearer secrets', () => {
  it('carry their kind and their organization, whichever that is', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom('ghs', 'gho'), (orgId, prefix) => {
        const { token, hash } = mintToken(prefix, orgId)
        assert.deepEqual(readToken(token), { prefix, orgId, hash })
        assert.deepEqual(hash, sha256(token))
      }),
    )
  })

  it('are never the same twice, and show only their end', () => {
    const orgId = newId()
    const minted = Array.from({ length: 200 }, () => mintToken('ghs', orgId))
    assert.equal(new Set(minted.map(({ token }) => token)).size, 200)
    for (const { token, hint } of minted) assert.equal(hint, `ghs_…${token.slice(-4)}`)
  })

  it('are told from typing errors without a look-up: any one changed letter is noticed', () => {
    const { token } = mintToken('ghs', newId())
    for (let at = 0; at < token.length; at++) {
      const letter = token[at] === 'x' ? 'y' : 'x'
      assert.equal(readToken(token.slice(0, at) + letter + token.slice(at + 1)), undefined, `letter ${at}`)
    }
  })

  it('of another shape are nobody', () => {
    const { token } = mintToken('ghs', newId())
    for (const text of [
      '',
      token.slice(1),
      `${token}x`,
      ` ${token}`,
      `${token}\n`,
      token.replace('_', '-'),
      'x'.repeat(10_000),
    ]) {
      assert.equal(readToken(text), undefined)
    }
  })
})
