import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { kinds, read, readMore, refused, user } from '../support/kinds.js'

describe('reading the text of a body', () => {
  it('NUL and halves of surrogate pairs are not text', () => {
    for (const value of ['a\0b', 'a\ud800b', '\udc00']) {
      assert.match(refused({ title: value }), /^scim_invalid_value: "title" contains/)
      assert.match(refused({ emails: [{ value }] }), /^scim_invalid_value: "emails.value" contains/)
    }
    assert.deepEqual(readMore({ title: 'Ada 👩‍💻\n2' }), { title: 'Ada 👩‍💻\n2' })
  })

  it('SEC-SCIM-18 a userName with control, direction or invisible characters is refused; all other spelling is kept', () => {
    const deceptive = [
      '\n',
      '\t',
      '\u007f',
      '\u0085',
      '\u061c',
      '\u200b',
      '\u200e',
      '\u200f',
      '\u2028',
      '\u202e',
      '\u2066',
      '\u2069',
      '\ufeff',
    ]
    for (const mark of deceptive)
      assert.match(refused({ userName: `a${mark}b` }), /^scim_invalid_value: "userName" contains control/)
    for (const userName of ['Ada.Lovelace+x@Example.COM', "o'neil", 'Ａda', 'مریم‌علی', ' ada ', 'Кирилл']) {
      assert.equal(read(user({ userName })).userName, userName)
    }
  })

  it('SEC-SCIM-18 lengths are capped, also by what folding makes of them, so an index entry always fits', () => {
    const limits: [JsonObject, boolean][] = [
      [{ userName: 'a'.repeat(256) }, true],
      [{ userName: 'a'.repeat(257) }, false],
      [{ userName: '\ufdfa'.repeat(100) }, false],
      [{ externalId: 'a'.repeat(1024) }, true],
      [{ externalId: 'a'.repeat(1025) }, false],
      [{ externalId: '\u20ac'.repeat(400) }, false],
      [{ displayName: 'a'.repeat(1024) }, true],
      [{ displayName: 'a'.repeat(1025) }, false],
      [{ title: 'a'.repeat(65_536) }, true],
      [{ title: 'a'.repeat(65_537) }, false],
      [{ [kinds.id]: { code: 'a'.repeat(1024) } }, true],
      [{ [kinds.id]: { code: 'a'.repeat(1025) } }, false],
    ]
    for (const [more, fits] of limits) {
      if (fits) assert.doesNotThrow(() => read(user(more)))
      else assert.match(refused(more), /^scim_invalid_value: ".*" may have at most [\d,]+ (characters|bytes)/)
    }
  })

  it('no refusal repeats a password (SEC-SCIM-13)', () => {
    for (const password of [['hunter2'], { x: 'hunter2' }, `hunter2${'\0'}`, 'hunter2'.repeat(20_000)]) {
      assert.doesNotMatch(refused({ password }), /hunter2/)
    }
  })
})
