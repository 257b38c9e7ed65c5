// Starts the built server as a new user would, with the Node.js that runs this file, and provisions one person into it.
// usage: node .ci/smoke.mjs DATA_DIR
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const [dataDir] = process.argv.slice(2)
assert.ok(dataDir, 'usage: smoke.mjs DATA_DIR')

// Settings of whoever runs this must not leak in: demo mode is what is tried.
const { PATH, HOME, TMPDIR } = process.env
const env = { PATH, HOME, ...(TMPDIR && { TMPDIR }), PORT: '0', DATA_DIR: dataDir }
const server = spawn(process.execPath, ['dist/src/main.js', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(server, 'exit')
process.once('exit', () => server.kill('SIGKILL'))
const late = setTimeout(() => {
  console.error('the server took too long')
  process.exit(1)
}, 90_000)

const [line] = await Promise.race([
  once(createInterface({ input: server.stdout }), 'line'),
  ended.then(([code]) => assert.fail(`the server ended with ${code} before it was ready`)),
])
const ready = JSON.parse(line)
assert.equal(ready.event, 'ready')

const headers = { authorization: `Bearer ${ready.scim.token}`, 'content-type': 'application/scim+json' }
const userName = 'smoke@example.com'
const created = await fetch(`${ready.scim.baseUrl}/Users`, {
  method: 'POST',
  headers,
  body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName }),
})
assert.equal(created.status, 201, await created.clone().text())
const user = await created.json()
assert.equal(created.headers.get('location'), user.meta.location)

const read = await fetch(user.meta.location, { headers })
assert.equal(read.status, 200)
assert.equal((await read.json()).userName, userName)

const found = await fetch(`${ready.scim.baseUrl}/Users?filter=${encodeURIComponent(`userName eq "${userName.toUpperCase()}"`)}`, { headers })
assert.equal((await found.json()).totalResults, 1)

assert.equal((await fetch(user.meta.location)).status, 401)
assert.equal((await fetch(new URL('/healthz/ready', ready.url))).status, 200)

server.kill('SIGTERM')
const [code, signal] = await ended
assert.deepEqual([code, signal], [0, null], 'the server did not stop in good order')
clearTimeout(late)
console.log(`Node ${process.version}: a user was created, read back and found; the server stopped in good order`)
