import assert from 'node:assert/strict'
import fc from 'fast-check'
import { callQueue } from '../../src/connections/provisioning-log-queue.js'

/** The queue before the provisioning log: what it keeps and what it gives up first. */

type Entry = { readonly id: number; readonly body: string | null }

const queueOf = (mostEntries: number, mostBodyBytes: number) =>
  callQueue<Entry>({ mostEntries, mostBodyBytes }, (entry) => ({ ...entry, body: null }))

describe('calls that wait to be logged', () => {
  it('come out in the order they went in', () => {
    const queue = queueOf(10, 1000)
    for (const id of [1, 2, 3]) queue.add({ id, body: 'x' }, 1)
    assert.deepEqual(
      [queue.take(2), queue.take(2)].map((taken) => taken.map(({ id }) => id)),
      [[1, 2], [3]],
    )
    assert.equal(queue.size(), 0)
  })

  it('lose the oldest bodies first, and no line for the sake of a body', () => {
    const queue = queueOf(10, 100)
    for (const id of [1, 2, 3, 4]) queue.add({ id, body: `body ${id}` }, 40)
    assert.deepEqual(
      queue.take(10).map(({ body }) => body),
      [null, null, 'body 3', 'body 4'],
    )
    assert.deepEqual(queue.dropped(), { entries: 0, bodies: 2 })
  })

  it('lose the oldest lines when there are too many of them, and count each', () => {
    const queue = queueOf(200, 1000)
    for (let id = 1; id <= 203; id++) queue.add({ id, body: null }, 0)
    const left = queue.take(1000)
    assert.equal(left.at(-1)?.id, 203)
    assert.ok(left.length <= 200)
    assert.equal(queue.dropped().entries, 203 - left.length)
  })

  it('keep nothing of a body that alone is larger than all may be', () => {
    const queue = queueOf(10, 100)
    queue.add({ id: 1, body: 'x' }, 101)
    assert.deepEqual(queue.take(1), [{ id: 1, body: null }])
  })

  it('never hold more than they may, and every one is taken or counted, whatever comes and goes', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = queueOf(20, 200)
        const bytesOf = new Map<number, number>()
        let added = 0
        let taken: Entry[] = []
        for (const one of steps) {
          if ('add' in one) {
            bytesOf.set(++added, one.add)
            queue.add({ id: added, body: one.add > 0 ? 'x' : null }, one.add)
          } else taken = [...taken, ...queue.take(one.take)]
          assert.ok(queue.size() <= 20)
        }
        const rest = queue.take(1000)
        const bytes = rest.reduce((sum, { id, body }) => sum + (body === null ? 0 : (bytesOf.get(id) ?? 0)), 0)
        assert.ok(bytes <= 200)
        assert.equal(taken.length + rest.length + queue.dropped().entries, added)
        const ids = [...taken, ...rest].map(({ id }) => id)
        assert.deepEqual(
          ids,
          [...ids].sort((a, b) => a - b),
        )
      }),
    )
  })
})
