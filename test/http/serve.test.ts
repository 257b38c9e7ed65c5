import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { mountDoor } from '../../src/http/door.js'
import type { Call, Door, Endpoint } from '../../src/http/endpoint.js'
import { readJson } from '../../src/http/json.js'
import { renderProblem } from '../../src/http/problem.js'
import { createHandler } from '../../src/http/serve.js'
import { type Listener, listen } from '../../src/http/server.js'
import { forbidden, unauthenticated } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'
import { createLogger } from '../../src/platform/log.js'
import { createMetrics } from '../../src/platform/metrics.js'
import { rawCall } from '../support/raw-http.js'

/** The serving of a door, over a door of its own that tells what reached it. */

const limit = 64 * 1024

const endpoint = (method: Endpoint<string>['method'], path: string, handle: Endpoint<string>['handle']): Endpoint<string> => ({
  id: `test${path}.${method}`,
  method,
  path,
  access: method === 'DELETE' ? 'deny' : 'allow',
  summary: '',
  body: method === 'POST' || method === 'DELETE' ? 'json' : 'none',
  replies: {},
  handle,
})

const echo = async (_: string, { method, path, params, body }: Call) => ({ status: 200, body: { method, path, params, body } })

const door: Door<string> = {
  name: 'test',
  prefixes: ['/test/:room'],
  endpoints: [
    endpoint('GET', '/things/:id', echo),
    endpoint('POST', '/things', echo),
    endpoint('DELETE', '/things/:id', echo),
    endpoint('GET', '/broken', async () => {
      throw new Error('the secret inside')
    }),
    endpoint('GET', '/busy', async () => {
      throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    }),
    endpoint('GET', '/silent', async () => ({ status: 204 })),
  ],
  contentType: 'application/test+json',
  accepts: ['application/test+json', 'application/json'],
  authenticate: async (request) => {
    if (request.headers.authorization !== 'Bearer yes') throw unauthenticated('who are you')
    return 'caller'
  },
  authorize: (_, access) => {
    if (access === 'deny') throw forbidden('denied', 'not you')
  },
  describe: () => ({ caller: 'somebody' }),
  parse: (text) => readJson(text),
  renderError: renderProblem,
}

describe('serving a door', () => {
  let listener: Listener
  let url: string
  let stopping = false
  const lines: Record<string, unknown>[] = []

  before(async () => {
    const sink = new Writable({
      write: (chunk, _, done) => {
        lines.push(JSON.parse(chunk.toString()))
        done()
      },
    })
    const metrics = createMetrics()
    listener = await listen({ host: '127.0.0.1', port: 0 })
    url = `http://127.0.0.1:${listener.port}`
    const log = createLogger('info', sink)
    listener.serve(
      createHandler({
        doors: [mountDoor(door, { bodyLimit: limit })],
        health: { schemaState: async () => ({ missing: [], unknown: [] }), stopping: () => stopping, metrics, log },
        metrics,
        log,
        newId,
        trustProxy: [],
        https: true,
        stopping: () => stopping,
      }),
    )
  })

  after(() => listener.stop(0))

  const known = { authorization: 'Bearer yes' }
  const get = (path: string, headers: Record<string, string> = known) => rawCall(url, { path, headers })
  const post = (body: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    rawCall(url, { method: 'POST', path: '/test/1/things', headers: { ...known, ...headers }, body })

  const lineOf = async (requestId: unknown) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = lines.find((line) => line.requestId === requestId && line.msg === 'request')
      if (found) return found
      await new Promise((wake) => setTimeout(wake, 10))
    }
    return assert.fail('no line was logged')
  }

  it('gives the handler values, decoded once', async () => {
    const reply = await get('/test/r%C3%B6m/things/a%2520b?x=1')
    assert.deepEqual(JSON.parse(reply.text), { method: 'GET', path: '/things/a%20b', params: { room: 'röm', id: 'a%20b' } })
    assert.equal(reply.headers['content-type'], 'application/test+json')
  })

  it('takes one slash at the end, and a case of its own for nothing', async () => {
    assert.equal((await get('/test/1/things/a/')).status, 200)
    for (const path of [
      '/test/1/things/a//',
      '/test/1/Things/a',
      '/test/1//things/a',
      '/test/1/things/a;x=1/b',
      '/Test/1/things/a',
    ]) {
      assert.equal((await get(path)).status, 404, path)
    }
  })

  it('answers 404 to the known caller of a path with a broken escape or a hidden separator', async () => {
    for (const id of ['%', '%zz', 'a%2fb', 'a%5cb', 'a%00', '%ff', '..', '%2e%2e']) {
      assert.equal((await get(`/test/1/things/${id}`)).status, 404, id)
    }
  })

  it('answers HEAD as GET without the body', async () => {
    const whole = await get('/test/1/things/a')
    const head = await rawCall(url, { method: 'HEAD', path: '/test/1/things/a', headers: known })
    assert.equal(head.status, 200)
    assert.equal(head.text, '')
    assert.equal(head.headers['content-type'], whole.headers['content-type'])
    assert.notEqual(head.headers['content-length'], undefined)
  })

  it('names the methods it serves when asked for another, before it looks at the body', async () => {
    for (const method of ['PUT', 'OPTIONS', 'TRACE', 'PATCH']) {
      const reply = await rawCall(url, { method, path: '/test/1/things/a', headers: { ...known, 'content-type': 'text/x' } })
      assert.equal(reply.status, 405, method)
      assert.equal(reply.headers.allow, 'GET, HEAD, DELETE')
    }
  })

  it('refuses who may not before the body is read', async () => {
    const path = '/test/1/things/a'
    const reply = await rawCall(url, { method: 'DELETE', path, headers: { ...known, 'content-type': 'text/x' }, body: '{' })
    assert.equal(reply.status, 403)
  })

  it('takes JSON under any charset label, and no other content', async () => {
    for (const type of ['application/json', 'application/test+json; charset=utf-8', 'APPLICATION/JSON;charset=iso-8859-1']) {
      const reply = await post('{"a":"ü"}', { 'content-type': type })
      assert.deepEqual(JSON.parse(reply.text).body, { a: 'ü' }, type)
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
      assert.equal((await post('{}', { 'content-type': type })).status, 415, type)
    }
    assert.equal((await post('{}', { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status, 415)
  })

  it('refuses a body that is not UTF-8 and one that is not JSON, saying why', async () => {
    const latin = await post(Buffer.from([0x22, 0xfc, 0x22]))
    assert.deepEqual([latin.status, JSON.parse(latin.text).type], [400, 'urn:gatehouse:problem:body_not_utf8'])
    const broken = await post('{"a":')
    assert.equal(broken.status, 400)
    assert.match(JSON.parse(broken.text).detail, /line 1, column 6/)
  })

  it('gives the handler no body where none was sent', async () => {
    const reply = await post('', { 'content-type': 'text/x' })
    assert.deepEqual([reply.status, JSON.parse(reply.text).body], [200, undefined])
  })

  it('SEC-SCIM-23 answers 413 past the limit, whether the length is announced or not, and takes a body of exactly the limit', async () => {
    const text = (size: number) => `"${'x'.repeat(size - 2)}"`
    assert.equal((await post(text(limit))).status, 200)
    assert.equal((await post(text(limit + 1))).status, 413)
    const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    assert.equal((await post(text(limit), chunked)).status, 200)
    assert.equal((await post(text(limit + 1), chunked)).status, 413)
  })

  it('asks a client that waits for leave to send its body only where it wants the body', async () => {
    const ask = (authorization: string) =>
      new Promise<string[]>((done, failed) => {
        const seen: string[] = []
        import('node:http').then(({ request }) => {
          const headers = { authorization, expect: '100-continue', 'content-type': 'application/json', 'content-length': '2' }
          const sent = request(`${url}/test/1/things`, { method: 'POST', headers, agent: false })
          sent.on('continue', () => {
            seen.push('continue')
            sent.end('{}')
          })
          sent.on('response', (reply) => {
            seen.push(String(reply.statusCode))
            reply.resume()
            sent.destroy()
            done(seen)
          })
          sent.on('error', (error) => seen.length === 0 && failed(error))
          sent.flushHeaders()
        }, failed)
      })
    assert.deepEqual(await ask('Bearer yes'), ['continue', '200'])
    assert.deepEqual(await ask('Bearer no'), ['401'])
  })

  it('says 500 with a reference that the log knows, and nothing of the cause', async () => {
    const reply = await get('/test/1/broken')
    const body = JSON.parse(reply.text)
    assert.equal(reply.status, 500)
    assert.doesNotMatch(reply.text, /secret inside/)
    assert.match(body.detail, new RegExp(`Reference: ${body.requestId}$`))
    const cause = lines.find((line) => line.requestId === body.requestId && line.level === 50)
    assert.match(JSON.stringify(cause), /the secret inside/)
  })

  it('says 503 with Retry-After where the trouble passes', async () => {
    const reply = await get('/test/1/busy')
    assert.equal(reply.status, 503)
    assert.match(reply.headers['retry-after'] ?? '', /^[0-9]+$/)
  })

  it('sends no body and no content type with 204', async () => {
    const reply = await get('/test/1/silent')
    assert.deepEqual([reply.status, reply.text, reply.headers['content-type']], [204, '', undefined])
  })

  it('carries a sane request id through answer and log, and replaces another', async () => {
    assert.equal((await get('/test/1/silent', { ...known, 'x-request-id': 'trace-1:2' })).headers['x-request-id'], 'trace-1:2')
    for (const id of ['', 'a b', 'x'.repeat(101), '<script>']) {
      assert.match(
        (await get('/test/1/silent', { ...known, 'x-request-id': id })).headers['x-request-id'] as string,
        /^[0-9a-f-]{36}$/,
      )
    }
  })

  it('logs who called what and how it ended, never the path or the token', async () => {
    const reply = await get('/test/1/things/private-id?secret=1', { ...known, 'user-agent': 'probe/1' })
    const line = await lineOf(reply.headers['x-request-id'])
    const { ms, time, ...rest } = line
    assert.deepEqual(rest, {
      level: 30,
      requestId: reply.headers['x-request-id'],
      door: 'test',
      method: 'GET',
      route: 'test/things/:id.GET',
      status: 200,
      caller: 'somebody',
      userAgent: 'probe/1',
      msg: 'request',
    })
    assert.deepEqual([typeof ms, typeof time], ['number', 'string'])
  })

  it('sends the headers that keep browsers from guessing, framing and caching', async () => {
    const { headers } = await get('/test/1/things/a')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cache-control'], 'no-store')
    assert.match(headers['content-security-policy'] as string, /frame-ancestors 'none'/)
    assert.match(headers['strict-transport-security'] ?? '', /max-age/)
    assert.equal(headers['x-powered-by'], undefined)
  })

  it('answers 404 as problem details outside every door', async () => {
    const reply = await get('/nowhere')
    assert.deepEqual([reply.status, reply.headers['content-type']], [404, 'application/problem+json'])
    assert.equal(JSON.parse(reply.text).type, 'urn:gatehouse:problem:no_such_page')
  })

  it('counts requests by door, method, status and route', async () => {
    await get('/test/1/silent')
    const page = await get('/metrics')
    assert.match(
      page.text,
      /gatehouse_http_requests_total\{door="test",method="GET",status="204",route="test\/silent\.GET"\} [1-9]/,
    )
    assert.match(page.text, /gatehouse_http_request_duration_seconds_bucket\{le="0\.1",door="test",route="test\/silent\.GET"\}/)
    assert.match(page.headers['content-type'] ?? '', /^text\/plain/)
  })

  it('is not ready while it stops, but lives, and asks clients to go elsewhere', async () => {
    stopping = true
    try {
      const ready = await get('/healthz/ready')
      assert.deepEqual([ready.status, JSON.parse(ready.text).reason], [503, 'stopping'])
      assert.equal((await get('/healthz/live')).status, 200)
      assert.equal((await get('/test/1/silent')).headers.connection, 'close')
    } finally {
      stopping = false
    }
  })
})
