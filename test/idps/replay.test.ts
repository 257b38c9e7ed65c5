import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sharedTestApp } from '../support/app.js'
import { scimClient } from '../support/scim-client.js'

const script = fileURLToPath(new URL('replay.ts', import.meta.url))

function run(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    execFile(process.execPath, ['--import', 'tsx', script, ...args], (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr })
    })
  })
}

describe('npm run idps', () => {
  it('replays the transcripts of a profile against a server, says how each went, and leaves nothing behind', async () => {
    const app = await sharedTestApp()
    const { baseUrl, token } = await app.createOrganization({ profile: 'generic' })
    const { code, out } = await run('--base-url', `${baseUrl}/`, '--token', token, '--profile', 'generic', '--only', 'jumpcloud')
    assert.equal(code, 0, out)
    assert.match(out, /^pass {2}generic\/jumpcloud \((\d+) of \1 steps\)$/m)
    assert.match(out, /^1 passed, 0 failed$/m)
    const scim = scimClient(baseUrl, token)
    for (const path of ['/Users', '/Groups']) assert.equal((await scim.get(path)).body.totalResults, 0)
  })

  it('ends with an error where a step fails, and says which and why', async () => {
    const app = await sharedTestApp()
    const { baseUrl } = await app.createOrganization()
    const { code, out } = await run('--base-url', baseUrl, '--token', 'wrong', '--only', 'google')
    assert.equal(code, 1)
    assert.match(out, /^FAIL {2}generic\/google-workspace/m)
    assert.match(out, /probes\n +status: expected 200, got 401/)
  })

  it('says how it is used where it is not told the server, and that a profile has no transcripts', async () => {
    const without = await run()
    assert.equal(without.code, 2)
    assert.match(without.out, /--base-url/)
    assert.equal((await run('--base-url', 'http://127.0.0.1:9', '--token', 't', '--profile', 'none')).code, 2)
  })
})
