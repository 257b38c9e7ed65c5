import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../support/command.js'
import { ownDatabase } from '../support/own-database.js'

/** The command line on a database that no server holds. */

describe('the command line on the database itself', () => {
  let env: Record<string, string>
  let remove: () => Promise<void>
  const run = (...args: string[]) => command(env, ...args, '--json')

  const done = async (...args: string[]) => {
    const result = await run(...args)
    assert.deepEqual([result.code, result.err], [0, ''], args.join(' '))
    return result.json()
  }

  before(async () => {
    ;({ env, remove } = await ownDatabase())
  })

  after(() => remove())

  it('wants the schema of a shared database brought up to date by hand, and of an embedded one does it itself', async () => {
    const early = await run('org', 'list')
    if (!env.DATABASE_URL) return assert.deepEqual(early.json(), { items: [] })
    assert.equal(early.code, 1)
    assert.match(early.err, /^The database lacks migrations of this version\. Run "gatehouse migrate" first\.\n$/)
    assert.ok((await done('migrate')).ran.length > 0)
  })

  it('migrates nothing twice', async () => {
    assert.deepEqual(await done('migrate'), { ran: [] })
  })

  it('sets up an organization with its SCIM address and token in one go', async () => {
    const { organization, scim } = await done('org', 'create', 'acme', '--with-scim', '--name', 'Acme Ltd')
    assert.deepEqual([organization.slug, organization.name], ['acme', 'Acme Ltd'])
    assert.deepEqual(Object.keys(scim).sort(), ['baseUrl', 'connectionId', 'token', 'tokenId'])
    assert.equal(scim.baseUrl, 'http://127.0.0.1:3000/scim/v2/acme')
    assert.match(scim.token, /^ghs_[0-9A-Za-z]{71}$/)
  })

  it('says in one line what was refused, and ends with 1', async () => {
    const again = await run('org', 'create', 'acme')
    assert.deepEqual([again.code, again.out], [1, ''])
    assert.match(again.err, /^Another organization already has this short name\.[^\n]*\n$/)
    const missing = await run('connection', 'list', 'nobody')
    assert.deepEqual([missing.code, missing.err], [1, 'There is no organization "nobody".\n'])
  })

  it('manages connections', async () => {
    const made = await done('connection', 'create', 'acme', 'Okta', '--profile', 'okta-oin')
    assert.deepEqual([made.profile, made.status], ['okta-oin', 'active'])
    assert.equal((await done('connection', 'pause', 'acme', 'Okta')).status, 'paused')
    assert.equal((await done('connection', 'resume', 'acme', made.id)).status, 'active')
    const { items } = await done('connection', 'list', 'acme')
    assert.deepEqual(
      items.map((item: { name: string }) => item.name),
      ['Okta', 'SCIM'],
    )
  })

  it('manages tokens', async () => {
    const first = await done('token', 'create', 'acme', 'Okta', '--name', 'reader', '--scope', 'users:read', 'groups:read')
    assert.deepEqual(first.token.scopes, ['users:read', 'groups:read'])
    const next = await done('token', 'rotate', 'acme', 'Okta', first.token.id, '--overlap-hours', '1')
    assert.notEqual(next.secret, first.secret)
    const third = await run('token', 'create', 'acme', 'Okta')
    assert.equal(third.code, 1)
    assert.match(third.err, /already has 2 live tokens/)
    assert.equal((await done('token', 'revoke', 'acme', 'Okta', first.token.id)).state, 'revoked')
    const { items } = await done('token', 'list', 'acme', 'Okta')
    assert.deepEqual(
      items.map((token: { state: string }) => token.state),
      ['revoked', 'live'],
    )
  })

  it('reads extension schemas from YAML and from JSON', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-extension-'))
    const yaml = join(directory, 'hr.yaml')
    const json = join(directory, 'hr.json')
    const urn = 'urn:acme:scim:hr:2.0:User'
    writeFileSync(yaml, `urn: ${urn}\nresourceType: User\nname: HR\nattributes:\n  - name: badge\n    type: integer\n`)
    writeFileSync(
      json,
      JSON.stringify({
        urn: 'urn:acme:scim:team:2.0:Group',
        resourceType: 'Group',
        name: 'Team',
        attributes: [{ name: 'floor' }],
      }),
    )
    assert.equal((await done('extension', 'define', 'acme', yaml)).extension.attributes[0].type, 'integer')
    await done('extension', 'define', 'acme', json)
    assert.equal((await done('extension', 'list', 'acme')).items.length, 2)
    writeFileSync(yaml, '{ not: [closed')
    const broken = await run('extension', 'define', 'acme', yaml)
    assert.equal(broken.code, 2)
    assert.match(broken.err, /neither YAML nor JSON/)
    rmSync(directory, { recursive: true })
  })

  it('manages operator tokens', async () => {
    const { secret, token } = await done('operator-token', 'create', 'ops')
    assert.match(secret, /^gho_/)
    assert.equal((await done('operator-token', 'revoke', token.id)).state, 'revoked')
    const { items } = await done('operator-token', 'list')
    assert.deepEqual(
      items.map((item: { name: string; state: string }) => [item.name, item.state]),
      [['ops', 'revoked']],
    )
    assert.equal((await run('operator-token', 'revoke', 'x')).code, 1)
  })

  it('finds nothing wrong with a healthy installation', async () => {
    const { healthy, checks } = await done('doctor')
    assert.equal(healthy, true)
    const states = Object.fromEntries(checks.map(({ check, state }: { check: string; state: string }) => [check, state]))
    for (const check of ['node', 'settings', 'database', 'schema', 'clock']) assert.equal(states[check], 'ok', check)
  })

  it('speaks plainly to people', async () => {
    const list = await command(env, 'org', 'list')
    assert.match(list.out, /^SLUG +NAME +CREATED +ID\nacme +Acme Ltd +/)
    assert.match((await command(env, 'connection', 'list', 'acme')).out, /^Okta +okta-oin +active /m)
    const made = await command(env, 'org', 'create', 'globex', '--with-scim')
    assert.match(made.out, /bearer token +ghs_/)
  })
})

describe('the command line', () => {
  // Nothing here may need a database: there is none.
  const nowhere = { DATABASE_URL: 'postgres://gatehouse:hunter2@127.0.0.1:1/none' }

  const wrong: readonly (readonly [what: string, args: string[], says: RegExp])[] = [
    ['an unknown command', ['destroy'], /unknown command 'destroy'/],
    ['a missing argument', ['org', 'create'], /missing required argument 'slug'/],
    ['an unknown option', ['org', 'list', '--all'], /unknown option '--all'/],
    ['a bad short name', ['org', 'create', 'Acme!'], /^slug: small letters/],
    ['a dialect that does not exist', ['connection', 'create', 'acme', 'x', '--profile', 'ldap'], /^profile: /],
    ['a scope that does not exist', ['token', 'create', 'acme', 'x', '--scope', 'users:eat'], /^scopes\/0: /],
    ['an overlap that is no number', ['token', 'rotate', 'acme', 'x', 'y', '--overlap-hours', 'long'], /^overlapHours: /],
  ]
  for (const [what, args, says] of wrong) {
    it(`ends with 2 for ${what}, before it looks for a database`, async () => {
      const { code, out, err } = await command(nowhere, ...args)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, says)
    })
  }

  it('helps, and ends with 0', async () => {
    for (const args of [['--help'], ['org', '--help'], ['org', 'create', '--help']]) {
      const { code, out } = await command({ PORT: 'broken' }, ...args)
      assert.equal(code, 0)
      assert.match(out, /^Usage: gatehouse/)
    }
  })

  it('tells all faults of the configuration, and ends with 1', async () => {
    const { code, err } = await command({ PORT: 'x', LOG_LEVEL: 'loud' }, 'org', 'list')
    assert.equal(code, 1)
    assert.match(err, /PORT: .*\n.*LOG_LEVEL: /)
  })

  it('says in one line that the database cannot be reached, without its password', async () => {
    for (const args of [['org', 'list'], ['migrate'], ['start']]) {
      const { code, err } = await command(nowhere, ...args)
      assert.equal(code, 1)
      assert.match(err, /^The database cannot be reached \(ECONNREFUSED\)[^\n]*\n$/)
      assert.doesNotMatch(err, /hunter2/)
    }
  })

  it('lets the doctor go on where settings or database are broken, and end with 1', async () => {
    for (const [env, check] of [
      [{ PORT: 'x' }, 'settings'],
      [nowhere, 'database'],
    ] as const) {
      const { code, json } = await command(env, 'doctor', '--json')
      assert.equal(code, 1)
      const { healthy, checks } = json()
      assert.equal(healthy, false)
      assert.equal(checks.find((found: { check: string }) => found.check === check).state, 'fault')
      assert.equal(checks.find((found: { check: string }) => found.check === 'node').state, 'ok')
    }
  })

  it('wants a token for the server it is sent to', async () => {
    const { code, err } = await command({ GATEHOUSE_URL: 'http://127.0.0.1:1' }, 'org', 'list')
    assert.equal(code, 1)
    assert.match(err, /GATEHOUSE_OPERATOR_TOKEN is not/)
  })

  it('says in one line that no server answers', async () => {
    const env = { GATEHOUSE_URL: 'http://127.0.0.1:1', GATEHOUSE_OPERATOR_TOKEN: 'gho_x' }
    const { code, err } = await command(env, 'org', 'list')
    assert.deepEqual([code, err], [1, 'No server answers at http://127.0.0.1:1. Is it running, and is GATEHOUSE_URL right?\n'])
  })
})
