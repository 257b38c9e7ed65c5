import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ConfigError, describeSettings, loadConfig, settings } from '../../src/platform/config.js'

function faults(env: Record<string, string>): string {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return assert.fail('the configuration was accepted')
}

describe('the configuration', () => {
  it('needs nothing: every setting has a default or may be absent', () => {
    const config = loadConfig({})
    assert.deepEqual([config.PORT, config.HOST, config.DATABASE_URL], [3000, '127.0.0.1', undefined])
  })

  it('takes an empty value for one that is not set', () => {
    assert.equal(loadConfig({ PORT: '', DATABASE_URL: '' }).PORT, 3000)
  })

  it('reports all faults at once, each with its name and what to do', () => {
    const told = faults({ PORT: 'abc', PUBLIC_URL: 'id.example.com', LOG_LEVEL: 'loud', BODY_LIMIT_KB: '0', HOST: 'x' })
    assert.match(told, /has 4 faults/)
    for (const name of ['PORT', 'PUBLIC_URL', 'LOG_LEVEL', 'BODY_LIMIT_KB'])
      assert.match(told, new RegExp(`^ {2}${name}: .+\\. .+$`, 'm'))
  })

  it('never repeats what may hold a secret', () => {
    assert.doesNotMatch(faults({ DATABASE_URL: 'mysql://user:hunter2@host/db' }), /hunter2/)
  })

  it('SEC-SCIM-23 refuses to start with a body limit that is no number, no whole one, or out of bounds', () => {
    for (const limit of ['abc', '1e9', '-1', '0', '64.5', 'Infinity', '0x', '10mb', '65537']) {
      assert.match(faults({ BODY_LIMIT_KB: limit }), /BODY_LIMIT_KB/, limit)
    }
    assert.equal(loadConfig({ BODY_LIMIT_KB: '16' }).BODY_LIMIT_KB, 16)
  })

  it('believes addresses and ranges of proxies only', () => {
    for (const list of ['127.0.0.1', '10.0.0.0/8, 127.0.0.1', '::1', 'fd00::/8'])
      assert.equal(loadConfig({ TRUST_PROXY: list }).TRUST_PROXY, list)
    for (const list of ['true', '1', '10.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', '10.0.0.0/', ',', 'loopback']) {
      assert.match(faults({ TRUST_PROXY: list }), /TRUST_PROXY/, list)
    }
  })

  const demo: readonly (readonly [env: Record<string, string>, demo: boolean])[] = [
    [{}, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: 'localhost' }, false],
    [{ DATABASE_URL: 'postgres://localhost/x' }, false],
    [{ PUBLIC_URL: 'https://id.example.com' }, false],
    [{ NODE_ENV: 'production' }, false],
  ]
  for (const [env, expected] of demo) {
    it(`${expected ? 'is' : 'is not'} demo mode with ${JSON.stringify(env)}`, () => assert.equal(loadConfig(env).demo, expected))
  }

  it('is described in the README as the schema has it', () => {
    const [, table] = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(readFileSync('README.md', 'utf8')) ?? []
    assert.equal(table?.trim(), describeSettings())
  })

  it('has a meaning for every setting', () => {
    for (const [name, field] of Object.entries(settings.shape)) assert.match(field.description ?? '', /\.$/, name)
  })
})
