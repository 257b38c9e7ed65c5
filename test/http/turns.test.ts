import assert from 'node:assert/strict'
import { createTurns, type TurnRules, turnRules } from '../../src/http/turns.js'
import { AppError } from '../../src/platform/errors.js'

const rules: TurnRules = { places: 3, ofOne: 2, waiting: 5, patience: 10_000 }

/** Work that goes on until it is told to end, and says when it began. */
function stage(given: Partial<TurnRules> = {}) {
  const turns = createTurns({ ...rules, ...given })
  const begun: string[] = []
  const ends: (() => void)[] = []
  const send = (name: string): Promise<string> =>
    turns(
      name,
      () =>
        new Promise((done) => {
          begun.push(name)
          ends.push(() => done(name))
        }),
    )
  const settle = () => new Promise((next) => setImmediate(next))
  return {
    begun,
    send: (name: string) => {
      const sent = send(name)
      sent.catch(() => {})
      return sent
    },
    settle,
    end: async () => {
      ends.shift()?.()
      await settle()
    },
  }
}

const busy = (error: unknown) =>
  error instanceof AppError && error.kind === 'unavailable' && error.code === 'too_busy' && error.headers['Retry-After'] === '1'

describe('turns', () => {
  it('leave a place to others, however much one name sends', async () => {
    const { begun, send, settle } = stage()
    for (let sent = 0; sent < 5; sent++) void send('noisy')
    await settle()
    assert.deepEqual(begun, ['noisy', 'noisy'])
    void send('quiet')
    await settle()
    assert.deepEqual(begun, ['noisy', 'noisy', 'quiet'])
  })

  it('go round the names that wait, not round their requests', async () => {
    const { begun, send, settle, end } = stage({ places: 1, ofOne: 1 })
    for (const name of ['noisy', 'noisy', 'noisy', 'noisy', 'quiet', 'other', 'quiet']) void send(name)
    await settle()
    for (let ended = 0; ended < 7; ended++) await end()
    assert.deepEqual(begun, ['noisy', 'noisy', 'quiet', 'other', 'noisy', 'quiet', 'noisy'])
  })

  it('send away what would make a line too long, and nobody else', async () => {
    const { begun, send, settle, end } = stage()
    const sent = Array.from({ length: 8 }, () => send('noisy'))
    await assert.rejects(sent[7] ?? Promise.resolve(), busy)
    const quiet = send('quiet')
    for (let ended = 0; ended < 8; ended++) await end()
    assert.equal(await quiet, 'quiet')
    assert.deepEqual(await Promise.all(sent.slice(0, 7)), Array(7).fill('noisy'))
    assert.equal(begun.length, 8)
    await settle()
  })

  it('send away what has waited too long, and never begin it', async () => {
    const { begun, send, end } = stage({ places: 1, ofOne: 1, patience: 20 })
    void send('first')
    await assert.rejects(send('late'), busy)
    await end()
    void send('next')
    await end()
    assert.deepEqual(begun, ['first', 'next'])
  })

  it('are given back by work that fails', async () => {
    const turns = createTurns({ ...rules, places: 1, ofOne: 1 })
    await assert.rejects(
      turns('a', async () => {
        throw new Error('failed')
      }),
      /failed/,
    )
    assert.equal(await turns('a', async () => 'done'), 'done')
  })

  it('spare a fifth of the pool, and at least one place wherever there are two', () => {
    assert.deepEqual(
      [1, 2, 5, 10, 40].map((connections) => turnRules(connections, 1).ofOne),
      [1, 1, 4, 8, 32],
    )
  })
})
