import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { type Answer, play, type Sent } from './runner.js'
import { encodeLoose } from './send.js'
import { readTranscripts, type Step, type Transcript } from './transcript.js'

const transcript = (...steps: Step[]): Transcript => ({ description: 'd', source: ['s'], profile: 'generic', steps })
const answer = (status: number, body?: Json): Answer => ({
  status,
  headers: {},
  text: body === undefined ? '' : JSON.stringify(body),
})

/** Plays against answers given beforehand; tells what was sent. */
async function playAgainst(script: Transcript, ...answers: Answer[]) {
  const sent: Sent[] = []
  const send = async (request: Sent) => {
    sent.push(request)
    return answers[sent.length - 1] ?? answer(500)
  }
  return { sent, ...(await play(script, send, { unique: 'u1' })) }
}

const get = (path: string, expect: object = { status: 200 }, remember?: Record<string, string>): Step => ({
  name: path,
  request: { method: 'GET', path },
  expect: expect as { status: number },
  ...(remember && { remember }),
})

describe('the replay of transcripts', () => {
  it('fills variables into path, headers, body and expectation, whole values in their own type', async () => {
    const second: Step = {
      name: 'put',
      request: {
        method: 'PUT',
        path: '/Users/{{id}}?x={{unique}}',
        headers: { 'if-match': '{{version}}', accept: null },
        body: { $from: '{{user}}', count: '{{count}}', text: 'n={{count}}', '{{id}}': 1 },
      },
      expect: { status: 200, body: { id: '{{id}}' } },
    }
    const user = { id: 'a', count: 3, meta: { version: 'W/"1"' } }
    const script = transcript(
      get('/Users', { status: 200 }, { user: '', id: '/id', count: '/count', version: '/meta/version' }),
      second,
    )
    const { sent, results } = await playAgainst(script, answer(200, user), answer(200, { id: 'b' }))
    assert.equal(sent[1]?.path, '/Users/a?x=u1')
    assert.deepEqual(sent[1]?.headers, { 'if-match': 'W/"1"', accept: null })
    assert.deepEqual(JSON.parse(sent[1]?.body ?? ''), { ...user, count: 3, text: 'n=3', a: 1 })
    assert.match(results[1]?.problems[0] ?? '', /^body \/id: expected "a", got "b"$/)
  })

  it('says what differs: status, headers, body, and what should have been remembered', async () => {
    const expect = { status: [200, 204], headers: { etag: { $type: 'string' } }, body: { a: 1 } }
    const { results } = await playAgainst(transcript(get('/x', expect, { id: '/id' })), answer(404, { a: 2 }))
    assert.deepEqual(results[0]?.problems.slice(0, 4), [
      'status: expected 200 or 204, got 404',
      'headers /etag: expected a string, got nothing',
      'body /a: expected 1, got 2',
      '"id" should be at /id of the answer, where nothing is',
    ])
  })

  it('asks nothing of the body of a 204 that is one of several ways to answer, but does of one that is the only way', async () => {
    const body = { a: 1 }
    const script = transcript(get('/x', { status: [200, 204], body }), get('/y', { status: 204, body }))
    const { results } = await playAgainst(script, answer(204), answer(204))
    assert.deepEqual(
      results.map(({ problems }) => problems.length > 0),
      [false, true],
    )
  })

  it('does not send what needs a variable that no earlier step gave, and goes on', async () => {
    const { sent, results } = await playAgainst(transcript(get('/Users/{{id}}'), get('/Users')), answer(200))
    assert.deepEqual(
      sent.map(({ path }) => path),
      ['/Users'],
    )
    assert.deepEqual(results[0]?.problems, ['not sent, because no earlier step gave id'])
  })

  it('sends at the same time what is to be sent together', async () => {
    let open = 0
    let most = 0
    const send = async () => {
      most = Math.max(most, ++open)
      await new Promise((done) => setImmediate(done))
      open -= 1
      return answer(200)
    }
    const one = get('/x') as Extract<Step, { request: unknown }>
    const { results } = await play(transcript({ name: 'three', together: [one, one, one] }), send, { unique: 'u' })
    assert.deepEqual([most, results.map(({ name }) => name)], [3, ['three: /x', 'three: /x', 'three: /x']])
  })

  it('knows what is left behind: what was created and not deleted, newest first', async () => {
    const post = (path: string): Step => ({ name: path, request: { method: 'POST', path, body: {} }, expect: { status: 201 } })
    const remove: Step = { name: 'delete', request: { method: 'DELETE', path: '/Users/2?x' }, expect: { status: 204 } }
    const script = transcript(post('/Users'), post('/Users?flag'), post('/Groups'), remove)
    const { left } = await playAgainst(
      script,
      answer(201, { id: '1' }),
      answer(201, { id: '2' }),
      answer(201, { id: '3' }),
      answer(204),
    )
    assert.deepEqual(left, ['/Groups/3', '/Users/1'])
  })

  it('encodes in an address only what must not stand there', () => {
    assert.equal(encodeLoose('/Users?filter=a eq "ü%22"&[x]+?&'), '/Users?filter=a%20eq%20%22%C3%BC%22%22&[x]+?&')
  })

  it('finds every transcript well formed: it says where it is from, names its steps, and lies in the folder of its profile', () => {
    const transcripts = readTranscripts()
    assert.ok(transcripts.length >= 30)
    for (const { name, profile, description, source, steps } of transcripts) {
      assert.equal(name.split('/')[0], profile)
      assert.ok(description.length > 0 && source.length > 0 && steps.length > 1, name)
      const names = steps.map((step) => step.name)
      assert.equal(new Set(names).size, names.length, `${name} has two steps of one name`)
    }
  })
})
