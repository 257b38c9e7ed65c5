import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { listen } from '../../src/http/server.js'

/** How a server stops. */

function signal() {
  let give = () => {}
  const given = new Promise<void>((done) => {
    give = done
  })
  return { given, give }
}

function call(port: number, agent?: Agent): Promise<string> {
  return new Promise((done, failed) => {
    const sent = request({ port, agent: agent ?? false }, (reply) => {
      let text = ''
      reply.on('data', (chunk) => {
        text += chunk
      })
      reply.on('end', () => done(text)).on('error', failed)
    })
    sent.on('error', failed).end()
  })
}

describe('a listener', () => {
  it('finishes the request in flight when it stops, takes no new one, and then is closed', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    const arrived = signal()
    const mayAnswer = signal()
    listener.serve(async (_, response) => {
      arrived.give()
      await mayAnswer.given
      response.end('finished')
    })
    const inFlight = call(listener.port)
    await arrived.given
    let stopped = false
    const stopping = listener.stop(10_000).then(() => {
      stopped = true
    })
    await assert.rejects(call(listener.port), { code: 'ECONNREFUSED' })
    assert.equal(stopped, false)
    mayAnswer.give()
    assert.equal(await inFlight, 'finished')
    await stopping
  })

  it('does not wait for connections that rest', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    listener.serve((_, response) => response.end('ok'))
    const agent = new Agent({ keepAlive: true })
    assert.equal(await call(listener.port, agent), 'ok')
    await listener.stop(10_000)
    agent.destroy()
  })

  it('cuts a request that outlasts the grace', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    const arrived = signal()
    listener.serve(() => arrived.give())
    const inFlight = call(listener.port)
    const cut = assert.rejects(inFlight, { code: 'ECONNRESET' })
    await arrived.given
    await listener.stop(20)
    await cut
  })

  it('says which port is taken', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    await assert.rejects(listen({ host: '127.0.0.1', port: listener.port }), { code: 'EADDRINUSE', port: listener.port })
    await listener.stop(0)
  })
})
