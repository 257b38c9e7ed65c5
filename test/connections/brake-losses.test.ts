import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describeWipe, keptAtLeast, lossesOf } from '../../src/connections/brake-losses.js'
import type { RecordedEvent } from '../../src/journal/index.js'
import { firstIdAt } from '../../src/platform/ids.js'

const since = new Date('2026-11-23T11:00:00Z')
const before = firstIdAt(new Date('2026-11-23T10:00:00Z'))
const within = firstIdAt(new Date('2026-11-23T11:30:00Z'))

const user = (event: RecordedEvent['event'], id: string, active?: boolean): RecordedEvent => ({
  event,
  target: { type: 'user', id, name: id },
  ...(active !== undefined && { changed: { active: { before: active } } }),
})
const group = (id: string, added: string[], removed: string[]): RecordedEvent => ({
  event: 'group.members_changed',
  target: { type: 'group', id, name: 'Sales' },
  list: { added, removed },
})
const deleted = (id: string, members: number): RecordedEvent => ({
  event: 'group.deleted',
  target: { type: 'group', id, name: 'Sales' },
  changed: { members: { before: members } },
})

describe('what a change takes away', () => {
  it('are users switched off, and those deleted who were active', () => {
    const events = [user('user.deactivated', 'a'), user('user.deleted', before, true), user('user.deleted', `${before}x`, false)]
    assert.deepEqual(lossesOf(events, since).left, ['a', before])
  })

  it('is not who came within the window and is deleted, though not who is switched off', () => {
    assert.deepEqual(lossesOf([user('user.deleted', within, true)], since), { left: [], cleared: [within], groups: [] })
    assert.deepEqual(lossesOf([user('user.deactivated', within)], since).left, [within])
  })

  it('is not who is switched on again', () => {
    const events = [user('user.deactivated', 'a'), user('user.reactivated', 'a'), user('user.reactivated', 'b')]
    assert.deepEqual(lossesOf(events, since), { left: [], cleared: ['a', 'b'], groups: [] })
  })

  it('are the members a group does not have in the end, over all events of the change', () => {
    const events = [group('g', [], ['a', 'b', 'c']), group('g', ['b', 'd'], []), group('h', ['a'], [])]
    assert.deepEqual(lossesOf(events, since).groups, [{ id: 'g', name: 'Sales', lost: 2 }])
  })

  it('are all members of a group that is deleted, unless it came within the window', () => {
    assert.deepEqual(lossesOf([deleted(before, 30)], since).groups, [{ id: before, name: 'Sales', lost: 30 }])
    assert.deepEqual(lossesOf([deleted(within, 30)], since).groups, [])
  })

  it('is nothing for everything else', () => {
    const events = [user('user.created', 'a'), user('user.updated', 'a'), user('user.deleted', before, false)]
    assert.deepEqual(lossesOf(events, since), { left: [], cleared: [], groups: [] })
  })

  it('is too much exactly where the share lost is more than the percentage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 99 }),
        (lost, kept, percent) => {
          assert.equal(kept < keptAtLeast(lost, percent), lost * 100 > percent * (lost + kept))
        },
      ),
    )
  })

  it('is told in one sentence with its figures', () => {
    const told = describeWipe({ of: { type: 'group', id: 'g', name: 'Sales' }, lost: 25, total: 30, percent: 60 })
    assert.equal(told, 'The change would take 25 of 30 members of the group "Sales" away, more than 60 % at once.')
  })
})
