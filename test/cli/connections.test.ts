import assert from 'node:assert/strict'
import { type Braked, newBraked } from '../support/braked.js'
import { command } from '../support/command.js'

/** Settings, verdicts and clients of connections from the command line, through a server. */

describe('the command line of connections', () => {
  let tenant: Braked
  let env: Record<string, string>
  let org: string
  let id: string

  beforeEach(async () => {
    tenant = await newBraked()
    org = tenant.slug
    id = tenant.connectionId
    env = { GATEHOUSE_URL: tenant.app.url, GATEHOUSE_OPERATOR_TOKEN: await tenant.app.createOperatorToken() }
  })

  const done = async (...args: string[]) => {
    const result = await command(env, ...args, '--json')
    assert.deepEqual([result.code, result.err], [0, ''], args.join(' '))
    return result.json()
  }
  const told = async (...args: string[]) => (await command(env, ...args)).out

  it('sets what is given, shows what is set, and takes everything back', async () => {
    const set = ['--requests-per-second', '75', '--allow-from', '192.0.2.0/24', '2001:db8::/32', '--group-percent', '30']
    const made = await done('connection', 'configure', org, id, ...set)
    assert.deepEqual(
      [made.requestsPerSecond, made.allowedFrom, made.brake.groupPercent],
      [75, ['192.0.2.0/24', '2001:db8::/32'], 30],
    )
    const shown = await told('connection', 'configure', org, id)
    assert.match(shown, /requests a second +75\n.*192\.0\.2\.0\/24, 2001:db8::\/32\n.*30 % of a group \(20 members or more\)/)
    const reset = ['--requests-per-second', 'default', '--allow-from', 'anywhere', '--brake', 'off']
    assert.match(await told('connection', 'configure', org, id, ...reset), /SCIM_REQUESTS_PER_SECOND.*\n.*anywhere\n.*off/)
  })

  it('ends with 2 for what cannot be set', async () => {
    for (const wrong of [
      ['--requests-per-second', '10'],
      ['--allow-from', 'home'],
      ['--brake', 'perhaps'],
      ['--group-percent', 'most'],
    ]) {
      assert.equal((await command(env, 'connection', 'configure', org, id, ...wrong)).code, 2, wrong.join(' '))
    }
    assert.equal((await command(env, 'connection', 'release', org, id, '--hours', 'many')).code, 2)
  })

  it('shows what the brake holds, and releases or rejects it', async () => {
    await tenant.setBrake({ directoryUsers: 2 })
    const ids = await tenant.people(4)
    for (const user of ids.slice(0, 2)) await tenant.disable(user)
    assert.match(await told('connection', 'list', org), /paused by its brake +[^\n]+\n.*: With this change 2 of 4 active users/)
    assert.match(await told('connection', 'reject', org, id), /refused until \d{4}-/)
    assert.equal((await tenant.disable(ids[1] ?? '')).status, 403)
    assert.equal((await done('connection', 'release', org, id, '--hours', '3')).verdict.kind, 'released')
    assert.equal((await tenant.disable(ids[1] ?? '')).status, 200)
    const nothing = await command(env, 'connection', 'reject', org, id)
    assert.deepEqual([nothing.code, nothing.err], [1, 'The brake of the connection holds nothing that could be rejected.\n'])
  })

  it('makes, lists and ends OAuth 2.0 clients', async () => {
    const page = await told('client', 'create', org, id, '--name', 'Entra', '--scope', 'users:read', 'users:write')
    assert.match(page, /token URL +http\S+\/oauth\/\S+\/token\n +client id +\S{36}\n +client secret +ghc_\S+\n/)
    const { items } = await done('client', 'list', org, id)
    assert.deepEqual([items[0].name, items[0].scopes, items[0].state], ['Entra', ['users:read', 'users:write'], 'live'])
    assert.match(await told('client', 'revoke', org, id, items[0].id), /is revoked, and its access tokens with it/)
    assert.match(await told('client', 'list', org, id), /^Entra +ghc_\S+ +revoked/m)
  })

  it('shows in the list of tokens which of them end soon', async () => {
    const soon = new Date(Date.now() + 10.5 * 86_400_000).toISOString()
    await done('token', 'create', org, id, '--name', 'short', '--expires-at', soon)
    assert.match(await told('token', 'list', org, id), /^short .*\(10 days left\)/m)
  })
})
