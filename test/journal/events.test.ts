import assert from 'node:assert/strict'
import { events } from '../../src/journal/index.js'
import { assertGolden } from '../support/golden.js'

describe('the events', () => {
  it('are as printed in golden/events.txt', () => {
    const width = Math.max(...Object.keys(events).map((name) => name.length))
    const lines = Object.entries(events).map(([name, sentence]) => `${name.padEnd(width)}  ${sentence}`)
    assertGolden('events.txt', lines.sort().join('\n'))
  })

  it('are named noun.past_tense and say in a sentence when they are recorded', () => {
    for (const [name, sentence] of Object.entries(events)) {
      assert.match(name, /^[a-z]+(_[a-z]+)*\.([a-z]+_)*[a-z]+(ed|set|lost|sent|begun)$/)
      assert.match(sentence, /^[A-Z].*\.$/)
    }
  })
})
