import assert from 'node:assert/strict'
import { request } from 'node:http'
import { mountDoor } from '../../src/http/door.js'
import type { Door, Endpoint, Observation } from '../../src/http/endpoint.js'
import { readJson } from '../../src/http/json.js'
import { renderProblem } from '../../src/http/problem.js'
import { createHandler } from '../../src/http/serve.js'
import { type Listener, listen } from '../../src/http/server.js'
import { forbidden, unauthenticated } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'
import { createLogger } from '../../src/platform/log.js'
import { createMetrics } from '../../src/platform/metrics.js'

/** What a door that watches its calls is told of them. */

describe('a door that observes', () => {
  let listener: Listener
  let url: string
  let seen: Observation<string>[] = []
  let told: () => void = () => {}
  let release: () => void = () => {}

  const endpoint = (method: Endpoint<string>['method'], path: string, handle: Endpoint<string>['handle']): Endpoint<string> => ({
    id: `test.${path.split('/')[1]}`,
    method,
    path,
    access: path === '/forbidden' ? 'deny' : 'allow',
    summary: '',
    body: method === 'POST' ? 'json' : 'none',
    replies: {},
    handle,
  })

  const door: Door<string> = {
    name: 'test',
    prefixes: ['/test/:room'],
    endpoints: [
      endpoint('POST', '/things/:id', async () => ({ status: 201, body: { made: true } })),
      endpoint('GET', '/forbidden', async () => ({ status: 200 })),
      endpoint('GET', '/broken', async () => {
        throw new Error('inside')
      }),
      endpoint('GET', '/slow', () => new Promise((done) => (release = () => done({ status: 200 })))),
    ],
    contentType: 'application/json',
    accepts: ['application/json'],
    authenticate: async ({ headers }) => {
      if (headers.authorization !== 'Bearer yes') throw unauthenticated('who are you')
      return 'somebody'
    },
    authorize: (_, access) => {
      if (access === 'deny') throw forbidden('denied', 'not you')
    },
    parse: (text) => readJson(text),
    renderError: renderProblem,
    observe: (observation) => {
      seen.push(observation)
      told()
      throw new Error('an observer that fails')
    },
  }

  before(async () => {
    const metrics = createMetrics()
    const log = createLogger('silent')
    listener = await listen({ host: '127.0.0.1', port: 0 })
    url = `http://127.0.0.1:${listener.port}/test/7`
    listener.serve(
      createHandler({
        doors: [mountDoor(door, { bodyLimit: 64 * 1024 })],
        health: { schemaState: async () => ({ missing: [], unknown: [] }), stopping: () => false, metrics, log },
        metrics,
        log,
        newId,
        trustProxy: [],
        https: false,
        stopping: () => false,
      }),
    )
  })

  after(() => listener.stop(1000))

  beforeEach(() => {
    seen = []
  })

  /** What is told of the one call that `work` makes. */
  const observed = async (work: () => Promise<unknown>): Promise<Observation<string>> => {
    const isTold = new Promise<void>((done) => {
      told = done
    })
    await work()
    await isTold
    const [only, ...others] = seen
    assert.deepEqual(others, [])
    return only as Observation<string>
  }
  const yes = { authorization: 'Bearer yes' }

  it('is told of a call with its caller, its body and its answer, and fails no call by failing itself', async () => {
    const seen = await observed(async () => {
      const headers = { ...yes, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/things/x%20y?q=1`, { method: 'POST', headers, body: '{"a":[1]}' })
      assert.deepEqual([answer.status, await answer.json()], [201, { made: true }])
    })
    const { call, caller, route, reply, refusal, ms } = seen
    assert.deepEqual(
      [caller, route, reply, refusal],
      ['somebody', 'test.things', { status: 201, body: { made: true } }, undefined],
    )
    assert.deepEqual(
      [call.method, call.path, call.params, call.body],
      ['POST', '/things/x y', { room: '7', id: 'x y' }, { a: [1] }],
    )
    assert.deepEqual([call.query.get('q'), ms > 0], ['1', true])
  })

  const refusals: readonly (readonly [what: string, path: string, headers: Record<string, string>, found: object])[] = [
    ['by nobody known', '/forbidden', {}, { caller: undefined, route: 'none', status: 401, code: 'unauthenticated' }],
    ['that names nothing', '/nothing', yes, { caller: 'somebody', route: 'none', status: 404, code: 'no_such_endpoint' }],
    ['that is not allowed', '/forbidden', yes, { caller: 'somebody', route: 'test.forbidden', status: 403, code: 'denied' }],
    ['that failed inside', '/broken', yes, { caller: 'somebody', route: 'test.broken', status: 500, code: 'internal' }],
  ]
  for (const [what, path, headers, found] of refusals) {
    it(`is told of a call ${what}, as far as it got and why no further`, async () => {
      const { call, caller, route, reply, refusal } = await observed(() => fetch(url + path, { headers }))
      assert.deepEqual({ caller, route, status: reply.status, code: refusal?.code }, found)
      assert.deepEqual([call.path, call.params.room], [path, '7'])
    })
  }

  it('is told of a call whose sender hung up before there was an answer', async () => {
    const { route, reply } = await observed(async () => {
      const sent = request(`${url}/slow`, { headers: yes }).on('error', () => {})
      sent.end()
      const begun = release
      while (release === begun) await new Promise((next) => setImmediate(next))
      const gone = new Promise((done) => sent.once('close', done))
      sent.destroy()
      await gone
      await new Promise((next) => setTimeout(next, 20))
      release()
    })
    assert.deepEqual([route, reply.status], ['test.slow', 200])
  })
})
