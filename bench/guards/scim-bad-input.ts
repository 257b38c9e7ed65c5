import assert from 'node:assert/strict'
import { startTestApp, type TestTenant } from '../../test/support/app.js'
import { type BadRequest, badRequests } from '../../test/support/bad-requests.js'
import { closeTestDatabase } from '../../test/support/database.js'
import { rawCall } from '../../test/support/raw-http.js'
import { coreUser, scimClient } from '../../test/support/scim-client.js'

/**
 * Guards the CPU time that a bad SCIM request costs. Counted is the whole process: the server, the client that sends, and the embedded
 * database. Five milliseconds are plenty; the guard fails at ten times as many, which only a wrong algorithm reaches.
 */

const mostMs = 50
const runs = 5

async function cost(send: () => Promise<number>, expected: number): Promise<number> {
  const spent: number[] = []
  for (let run = 0; run <= runs; run++) {
    const before = process.cpuUsage()
    assert.equal(await send(), expected)
    const { user, system } = process.cpuUsage(before)
    // The first run pays for compiling.
    if (run > 0) spent.push((user + system) / 1000)
  }
  // Whatever else ran on this machine made some runs dearer; a wrong algorithm makes all of them dear.
  return Math.min(...spent)
}

function sender(tenant: TestTenant, userId: string) {
  const { origin, pathname } = new URL(tenant.baseUrl)
  const headers = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json' }
  return async ({ method, path, body }: Pick<BadRequest, 'method' | 'path' | 'body'>) => {
    const target = `${pathname}${path.replaceAll('USER', userId)}`
    const answer = await rawCall(origin, { method, path: target, headers, ...(body && { body }) })
    return answer.status
  }
}

const app = await startTestApp()
try {
  const tenant = await app.createOrganization()
  const created = await scimClient(tenant.baseUrl, tenant.token).post('/Users', { schemas: [coreUser], userName: 'target' })
  const send = sender(tenant, created.body.id)
  const endless: BadRequest = {
    name: 'a filter of 1 MB in the address',
    method: 'GET',
    path: `/Users?filter=${'('.repeat(1e6)}`,
    status: 431,
  }
  const rows: { name: string; ms: number }[] = []
  for (const bad of [...badRequests, endless]) rows.push({ name: bad.name, ms: await cost(() => send(bad), bad.status) })
  const dear = rows.filter((row) => row.ms > mostMs)
  for (const { name, ms } of rows.sort((a, b) => b.ms - a.ms).slice(0, 10))
    console.log(`${ms.toFixed(1).padStart(8)} ms  ${name}`)
  console.log(`${rows.length} bad requests, ${dear.length} above ${mostMs} ms of CPU`)
  if (dear.length > 0) process.exitCode = 1
} finally {
  await app.stop()
  await closeTestDatabase()
}
