import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isSupportedEngine, oldestEngine } from '../../src/platform/engine.js'

describe('the engine', () => {
  it('SEC-SUP-1 is the one package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
    assert.equal(`${engines.node}.0`.replace('>=', ''), oldestEngine)
  })

  it('SEC-SUP-1 is refused when older and taken when as old or newer', () => {
    for (const version of ['v18.20.0', 'v20.18.9', 'v19.99.99']) assert.equal(isSupportedEngine(version), false, version)
    for (const version of ['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.0', '20.19.1'])
      assert.equal(isSupportedEngine(version), true, version)
  })
})
