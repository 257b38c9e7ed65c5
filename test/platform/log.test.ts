import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { createLogger } from '../../src/platform/log.js'

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = ''
  const sink = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    },
  })
  write(createLogger('info', sink))
  return text
}

describe('the log', () => {
  it('SEC-SCIM-25 is one line of JSON an entry, with controls escaped', () => {
    const text = logged((log) => log.info({ userName: 'a\r\nb\u001b[31m' }, 'request\nforged'))
    assert.equal(text.split('\n').length, 2)
    assert.equal(JSON.parse(text).userName, 'a\r\nb\u001b[31m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    assert.doesNotMatch(text.trimEnd(), /[\u0000-\u001f]/)
  })

  it('SEC-SCIM-13 holds back what may be a secret, two objects deep', () => {
    const text = logged((log) => log.info({ token: 'hush', user: { password: 'hush', more: { authorization: 'hush' } } }, 'x'))
    assert.doesNotMatch(text, /hush/)
    assert.match(text, /\[redacted\]/)
  })

  it('leaves out what is below its level', () => {
    assert.equal(
      logged((log) => log.debug('x')),
      '',
    )
  })
})
