import assert from 'node:assert/strict'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { command } from '../support/command.js'
import { ownDatabase } from '../support/own-database.js'
import { type OwnProcess, startProcess } from '../support/process.js'

/** A whole server as its own process, from its first line to its last. */

type Ready = {
  event: string
  url: string
  scim: { baseUrl: string; token?: string }
  operator: { baseUrl: string; token?: string }
  hint?: string
}

async function startServer(env: Record<string, string>): Promise<Ready & { server: OwnProcess }> {
  const server = startProcess(['src/main.ts', '--json'], { PORT: '0', ...env })
  return { ...(JSON.parse(await server.line((line) => line.startsWith('{'))) as Ready), server }
}

async function stopServer(server: OwnProcess): Promise<void> {
  server.child.kill('SIGTERM')
  assert.equal(await server.ended, 0, server.err())
}

const post = (baseUrl: string, token: string | undefined, userName: string) =>
  fetch(`${baseUrl}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName }),
  })

/** Starts a call whose body is not finished; gives what finishes it. */
function startCall(baseUrl: string, token: string, body: string) {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/scim+json',
    'content-length': body.length,
    expect: '100-continue',
  }
  const sent = request(`${baseUrl}/Users`, { method: 'POST', headers, agent: false })
  const status = new Promise<number | undefined>((done, failed) => {
    sent.on('response', (reply) => {
      reply.resume()
      done(reply.statusCode)
    })
    sent.on('error', failed)
  })
  // The server asks for the body when the call is past authentication: it is in flight.
  const inFlight = new Promise<void>((done) => sent.once('continue', () => done()))
  sent.flushHeaders()
  return { inFlight, finish: () => sent.end(body), status }
}

describe('a demo server', () => {
  let env: Record<string, string>
  let remove: () => Promise<void>
  let ready: Ready & { server: OwnProcess }

  before(async function () {
    const own = await ownDatabase()
    remove = own.remove
    env = own.env
    if (env.DATABASE_URL) return this.skip() // demo mode is for the embedded database
    ready = await startServer(env)
  })

  after(async () => {
    if (ready && ready.server.child.exitCode === null) await stopServer(ready.server)
    await remove()
  })

  it('prints one line of JSON with all that is needed to begin, and logs elsewhere', async () => {
    assert.equal(ready.event, 'ready')
    assert.deepEqual(ready.server.out().split('\n').length, 2)
    assert.equal(ready.scim.baseUrl, `${ready.url}/scim/v2/demo`)
    assert.equal(ready.operator.baseUrl, `${ready.url}/operator/v1`)
    assert.equal((await post(ready.scim.baseUrl, ready.scim.token, 'ada@demo.example')).status, 201)
    const list = await fetch(`${ready.operator.baseUrl}/organizations`, {
      headers: { authorization: `Bearer ${ready.operator.token}` },
    })
    assert.equal(list.status, 200)
    assert.equal((await fetch(`${ready.url}/healthz/ready`)).status, 200)
  })

  it('has people and a group to look at', async () => {
    const get = async (path: string) => {
      const reply = await fetch(ready.scim.baseUrl + path, { headers: { authorization: `Bearer ${ready.scim.token}` } })
      return (await reply.json()) as { Resources: { displayName: string; members: unknown[] }[] }
    }
    const { Resources } = await get('/Groups')
    assert.deepEqual([Resources[0]?.displayName, Resources[0]?.members.length], ['Everyone', 3])
  })

  it('lets the command line of the same machine through, which cannot open the database itself', async () => {
    const made = await command(env, 'org', 'create', 'acme', '--with-scim', '--json')
    assert.equal(made.code, 0, made.err)
    const { scim } = made.json()
    assert.equal((await post(scim.baseUrl, scim.token, 'mira')).status, 201)
    const list = await command(env, 'org', 'list', '--json')
    assert.deepEqual(
      list.json().items.map((item: { slug: string }) => item.slug),
      ['acme', 'demo'],
    )
    const refused = await command(env, 'operator-token', 'create', 'ops')
    assert.equal(refused.code, 1)
    assert.match(refused.err, new RegExp(`^Process ${ready.server.child.pid} is using [^\n]*\n$`))
    const doctor = await command(env, 'doctor', '--json')
    assert.equal(doctor.code, 0)
    assert.match(JSON.stringify(doctor.json()), /says ready/)
  })

  it('serves the command line of another machine by its address and an operator token', async () => {
    const far = { DATA_DIR: '/nonexistent', GATEHOUSE_URL: `${ready.url}/`, GATEHOUSE_OPERATOR_TOKEN: ready.operator.token ?? '' }
    const list = await command(far, 'token', 'list', 'demo', 'demo', '--json')
    assert.deepEqual([list.code, list.json().items.length], [0, 1])
    const wrong = await command(far, 'org', 'create', 'demo')
    assert.deepEqual([wrong.code, /already has this short name/.test(wrong.err)], [1, true])
    const unknown = await command({ ...far, GATEHOUSE_OPERATOR_TOKEN: 'gho_x' }, 'org', 'list')
    assert.equal(unknown.code, 1)
    assert.match(unknown.err, /does not accept the operator token\. Check GATEHOUSE_OPERATOR_TOKEN\.\n$/)
  })

  it('does not share its directory with a second one, which says so in one line', async () => {
    const second = startProcess(['src/main.ts'], { PORT: '0', ...env })
    assert.equal(await second.ended, 1)
    assert.match(second.err(), new RegExp(`^Process ${ready.server.child.pid} is using [^\n]*\n$`))
    assert.equal(second.out(), '')
  })

  it('finishes the call in flight when it is told to stop, and then ends with 0', async () => {
    const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'late' })
    const call = startCall(ready.scim.baseUrl, ready.scim.token ?? '', body)
    await call.inFlight
    ready.server.child.kill('SIGTERM')
    while (
      await fetch(`${ready.url}/healthz/live`).then(
        () => true,
        () => false,
      )
    )
      await new Promise((wake) => setTimeout(wake, 20))
    call.finish()
    assert.equal(await call.status, 201)
    assert.equal(await ready.server.ended, 0)
  })

  it('keeps its data and mints new secrets at the next start, also after a kill -9', async () => {
    const before = ready
    ready = await startServer(env)
    assert.equal((await post(ready.scim.baseUrl, before.scim.token, 'x')).status, 401)
    assert.equal((await post(ready.scim.baseUrl, ready.scim.token, 'late')).status, 409)
    ready.server.child.kill('SIGKILL')
    await ready.server.ended
    ready = await startServer(env)
    assert.equal((await post(ready.scim.baseUrl, ready.scim.token, 'late')).status, 409)
    const list = await command(env, 'token', 'list', 'demo', 'demo', '--json')
    assert.deepEqual(
      list.json().items.map((token: { name: string; state: string }) => `${token.name} ${token.state}`),
      ['demo start revoked', 'demo start revoked', 'demo start live'],
    )
  })
})

describe('a server in production', () => {
  let env: Record<string, string>
  let remove: () => Promise<void>

  before(async () => {
    const own = await ownDatabase()
    remove = own.remove
    env = { ...own.env, NODE_ENV: 'production', PUBLIC_URL: 'https://id.example.com/' }
  })

  after(() => remove())

  it('prints no secret, says how to make one, builds addresses from PUBLIC_URL and has no demo data', async () => {
    const { server, ...ready } = await startServer(env)
    assert.deepEqual(ready, {
      event: 'ready',
      url: 'https://id.example.com',
      scim: { baseUrl: 'https://id.example.com/scim/v2/{organization}' },
      operator: { baseUrl: 'https://id.example.com/operator/v1' },
      hint: ready.hint,
    })
    assert.match(ready.hint ?? '', /org create/)
    const list = await command(env, 'org', 'list', '--json')
    assert.deepEqual(list.json(), { items: [] })
    await stopServer(server)
  })

  it('says in one line that its port is taken, and by which setting to move', async () => {
    const other = createServer()
    const port = await new Promise<number>((done) =>
      other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
    )
    const refused = startProcess(['src/main.ts'], { ...env, PORT: String(port) })
    assert.equal(await refused.ended, 1)
    assert.match(refused.err(), new RegExp(`^127\\.0\\.0\\.1:${port} is in use by another program\\. [^\n]*PORT[^\n]*\n$`))
    other.close()
  })
})
