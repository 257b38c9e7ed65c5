import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { AppError } from '../../src/platform/errors.js'
import { createCursors, cursorTimeout } from '../../src/scim/cursor.js'
import { readQuery, readSearchRequest } from '../../src/scim/query.js'
import { refusalOf } from '../support/refusal.js'

const key = randomBytes(32)
const start = Date.UTC(2026, 0, 1)
const state = { count: 10, noun: 'users', after: { key: 'ada', id: '018f0000-0000-7000-8000-000000000001' } }

function cursorsAt(time: { now: number }, secret = key) {
  return createCursors({ secret: async () => secret, clock: () => new Date(time.now) })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}

describe('a cursor (RFC 9865 §2)', () => {
  it('comes back as it was given, with and without a key, before and after the first row', async () => {
    const cursors = cursorsAt({ now: start })
    for (const after of [undefined, state.after, { ...state.after, key: null }, { ...state.after, key: '' }]) {
      const written = await cursors.write('me', { ...state, after })
      assert.deepEqual(await cursors.read('me', written), { ...state, after })
    }
  })

  it('is made of unreserved characters and shows no value of the row', async () => {
    const written = await cursorsAt({ now: start }).write('me', state)
    assert.match(written, /^[A-Za-z0-9._~-]+$/)
    assert.ok(!Buffer.from(written, 'base64url').includes('ada'))
  })

  it('is good until its timeout and is 400 expiredCursor after it', async () => {
    const time = { now: start }
    const cursors = cursorsAt(time)
    const written = await cursors.write('me', state)
    time.now = start + cursorTimeout * 1000
    assert.deepEqual(await cursors.read('me', written), state)
    time.now += 1000
    assert.equal(await codeOf(cursors.read('me', written)), 'scim_expired_cursor')
  })

  it('is 400 invalidCursor for anybody or anything else, also when it is expired', async () => {
    const time = { now: start }
    const written = await cursorsAt(time).write('me', state)
    for (const now of [start, start + 2 * cursorTimeout * 1000]) {
      time.now = now
      assert.equal(await codeOf(cursorsAt(time).read('you', written)), 'scim_invalid_cursor')
      assert.equal(await codeOf(cursorsAt(time, randomBytes(32)).read('me', written)), 'scim_invalid_cursor')
      assert.equal(await codeOf(cursorsAt(time).read('me', `${written}A`)), 'scim_invalid_cursor')
    }
  })
})

describe('the parameters of a query by cursor (RFC 9865 §2)', () => {
  const read = (text: string) => readQuery(new URLSearchParams(text))

  it('an empty cursor, with and without "=", asks for the first page', () => {
    for (const text of ['cursor', 'cursor=', 'CURSOR=&count=3']) assert.equal(read(text).cursor, '')
    assert.equal(read('count=3').cursor, undefined)
  })

  it('a negative count counts as 0', () => assert.equal(read('cursor&count=-5').count, 0))

  it('400 invalidCount for a count that is no whole number', () => {
    for (const count of ['ten', '1.5', '1e3'])
      assert.match(
        refusalOf(() => read(`cursor=&count=${count}`)),
        /^scim_invalid_count: /,
      )
    assert.match(
      refusalOf(() => read('count=ten')),
      /^scim_invalid_value: /,
    )
  })

  it('400 invalidValue for a cursor together with startIndex', () => {
    for (const text of ['cursor=&startIndex=1', 'startIndex=11&cursor=abc'])
      assert.match(
        refusalOf(() => read(text)),
        /^scim_invalid_value: /,
      )
    assert.equal(read('cursor=&startIndex=').cursor, '')
  })

  it('a search request carries the cursor in its body; null is none', () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    assert.equal(readSearchRequest({ schemas, cursor: '' }).cursor, '')
    assert.equal(readSearchRequest({ schemas, cursor: 'abc' }).cursor, 'abc')
    assert.equal(readSearchRequest({ schemas, cursor: null }).cursor, undefined)
    assert.match(
      refusalOf(() => readSearchRequest({ schemas, cursor: true })),
      /^scim_invalid_value: /,
    )
  })
})
