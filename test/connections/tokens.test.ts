import assert from 'node:assert/strict'
import {
  authenticateToken,
  createConnection,
  createToken,
  listTokens,
  revokeToken,
  rotateToken,
} from '../../src/connections/index.js'
import { type TokenScope, tokenScopes } from '../../src/contract/token.js'
import { createOrganization } from '../../src/directory/index.js'
import type { Authority, Journal } from '../../src/journal/index.js'
import { AppError } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'
import { readToken } from '../../src/platform/secrets.js'
import { anyAuthority } from '../support/authority.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { testJournal } from '../support/directory.js'

const isConflict = (code: string, says: RegExp) => (error: unknown) =>
  error instanceof AppError && error.kind === 'conflict' && error.code === code && says.test(error.detail)

describe('tokens of a connection', () => {
  let database: TestDatabase
  let journal: Journal
  let by: Authority
  let connectionId: string

  before(async () => {
    database = await testDatabase()
    journal = testJournal(database)
  })

  beforeEach(async () => {
    by = anyAuthority()
    connectionId = await journal.change(by, async (c) => {
      await createOrganization(c, { slug: `t-${by.orgId}`, name: 'T' })
      return (await createConnection(c, { name: 'Okta', profile: 'okta-oin' })).id
    })
  })

  const create = (options: { name?: string; scopes?: readonly TokenScope[]; expiresAt?: Date | null } = {}) =>
    journal.change(by, (c) => createToken(c, connectionId, { name: 'push', scopes: tokenScopes, expiresAt: null, ...options }))
  const rotate = (id: string, overlapSeconds: number) =>
    journal.change(by, (c) => rotateToken(c, connectionId, id, { overlapSeconds, expiresAt: null }))
  const revoke = (id: string) => journal.change(by, (c) => revokeToken(c, connectionId, id))
  const who = async (secret: string) => {
    const presented = readToken(secret)
    return presented && authenticateToken(database.db, presented)
  }
  const states = async () => (await listTokens(database.db, by.orgId, connectionId)).map(({ name, state }) => [name, state])
  // Moves a token's expiry into the past as the database sees it.
  const expire = (id: string) =>
    database
      .db('connection_tokens')
      .where({ org_id: by.orgId, id })
      .update({ expires_at: database.db.raw("now() - interval '1 second'") })

  it('stand for organization, connection and scopes', async () => {
    const { secret, token } = await create({ scopes: ['users:read'] })
    const caller = await who(secret)
    assert.deepEqual(caller, {
      orgId: by.orgId,
      slug: `t-${by.orgId}`,
      schemaVersion: 1,
      connection: {
        id: connectionId,
        name: 'Okta',
        profile: 'okta-oin',
        switches: {},
        status: 'active',
        pauseReason: undefined,
        epoch: 1,
        requestsPerSecond: undefined,
        allowedFrom: [],
      },
      token: { kind: 'connection_token', id: token.id, name: 'push', scopes: ['users:read'] },
      userId: undefined,
    })
  })

  it('SEC-SCIM-2 leave their secret nowhere in the database: no row of any table holds it', async () => {
    const { secret } = await create()
    await revoke((await create()).token.id)
    for (const table of ['connection_tokens', 'audit_events', 'outbox', 'changes', 'connections', 'organizations']) {
      const rows = await database.db(table).where({ org_id: by.orgId })
      const dump = rows.map((row) =>
        Object.values(row)
          .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value)))
          .join('\n'),
      )
      // Neither whole nor the random part of it, in any table.
      for (const part of [secret, secret.slice(26, 69), secret.slice(-20)])
        assert.equal(dump.join('\n').includes(part), false, table)
    }
    const [row] = await database.db('connection_tokens').where({ org_id: by.orgId }).select('hash', 'hint')
    assert.equal(row.hash.length, 32)
    assert.ok(row.hint.length < 12)
  })

  it('SEC-SCIM-2 may be two at a time; a third is refused with the names of the two', async () => {
    const first = await create({ name: 'first' })
    await create({ name: 'second' })
    await assert.rejects(create(), isConflict('too_many_tokens', /"first" .*never used.* and "second" .*Revoke one/))
    await revoke(first.token.id)
    await create({ name: 'third' })
    assert.deepEqual(await states(), [
      ['first', 'revoked'],
      ['second', 'live'],
      ['third', 'live'],
    ])
  })

  it('do not count when they have expired', async () => {
    const first = await create()
    await create()
    await expire(first.token.id)
    await create()
    assert.deepEqual(
      (await states()).map(([, state]) => state),
      ['expired', 'live', 'live'],
    )
  })

  it('are never three, even when several are made at the same time', async () => {
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => create()))
    assert.equal(made.filter((result) => result.status === 'fulfilled').length, 2)
  })

  it('are nobody from the next look-up on when revoked or expired', async () => {
    const revoked = await create()
    const expired = await create()
    assert.ok((await who(revoked.secret)) && (await who(expired.secret)))
    await revoke(revoked.token.id)
    await expire(expired.token.id)
    assert.deepEqual([await who(revoked.secret), await who(expired.secret)], [undefined, undefined])
  })

  it('are refused when they would expire before they can be used', async () => {
    await assert.rejects(create({ expiresAt: new Date(0) }), { kind: 'invalid', code: 'expiry_past' })
  })

  it('pass their name and scopes on when rotated, and live on for the overlap', async () => {
    const old = await create({ name: 'push', scopes: ['users:read', 'groups:read'] })
    const next = await rotate(old.token.id, 3600)
    assert.deepEqual([next.token.name, next.token.scopes], ['push', ['users:read', 'groups:read']])
    assert.ok((await who(old.secret)) && (await who(next.secret)))
    const [before] = await listTokens(database.db, by.orgId, connectionId)
    assert.ok(before?.expiresAt)
  })

  it('end with the rotation when there is no overlap', async () => {
    const old = await create()
    const next = await rotate(old.token.id, 0)
    assert.equal(await who(old.secret), undefined)
    assert.ok(await who(next.secret))
  })

  it('keep an expiry that comes sooner than the end of the overlap', async () => {
    const soon = new Date(Date.now() + 60_000)
    const old = await create({ expiresAt: soon })
    await rotate(old.token.id, 3600)
    const [before] = await listTokens(database.db, by.orgId, connectionId)
    assert.equal(before?.expiresAt?.getTime(), soon.getTime())
  })

  it('cannot be rotated once dead', async () => {
    const { token } = await create()
    await revoke(token.id)
    await assert.rejects(rotate(token.id, 0), isConflict('token_not_live', /is revoked/))
  })

  it('of another connection or organization cannot be touched, as if they were not there', async () => {
    const { token } = await create()
    const stranger = anyAuthority()
    const foreign = await journal.change(stranger, async (c) => {
      await createOrganization(c, { slug: `t-${stranger.orgId}`, name: 'S' })
      return (await createConnection(c, { name: 'Okta', profile: 'rfc' })).id
    })
    const notFound = { kind: 'not_found' }
    await assert.rejects(
      journal.change(stranger, (c) => revokeToken(c, foreign, token.id)),
      notFound,
    )
    await assert.rejects(
      journal.change(stranger, (c) => revokeToken(c, connectionId, token.id)),
      notFound,
    )
    for (const id of [newId(), 'x', '']) await assert.rejects(revoke(id), notFound)
    assert.deepEqual(await states(), [['push', 'live']])
  })

  it('write down who made, rotated and ended them, and the second ending of the same is none', async () => {
    const { token } = await create()
    await rotate(token.id, 60)
    await revoke(token.id)
    await revoke(token.id)
    const rows = await database.db('audit_events').where({ org_id: by.orgId, target_type: 'connection_token' }).orderBy('seq')
    assert.deepEqual(
      rows.map((row) => [row.event, row.target_id === token.id]),
      [
        ['connection_token.created', true],
        ['connection_token.created', false],
        ['connection_token.rotated', true],
        ['connection_token.revoked', true],
      ],
    )
  })
})
