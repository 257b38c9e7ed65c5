import assert from 'node:assert/strict'
import { authorizeOperator, authorizeToken, type TokenCaller } from '../../src/access/index.js'
import { tokenScopes } from '../../src/contract/token.js'
import { AppError } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'

const caller = (scopes: readonly string[], status: 'active' | 'paused' = 'active'): TokenCaller => ({
  orgId: newId(),
  connection: { id: newId(), name: 'Okta', status },
  token: { kind: 'connection_token', id: newId(), name: 'push', scopes },
})

function refusal(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  return assert.fail('nothing was refused')
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  'scim.discovery.read': [],
  'scim.users.read': ['users:read'],
  'scim.users.write': ['users:write'],
  'scim.groups.read': ['groups:read'],
  'scim.groups.write': ['groups:write'],
  'scim.resources.read': ['resources:read'],
  'scim.resources.write': ['resources:write'],
  'scim.root.read': ['users:read', 'groups:read'],
}

describe('a token', () => {
  for (const [action, scopes] of Object.entries(allowed)) {
    it(`may do ${action} with ${scopes.join(' and ') || 'no scope'}, and lacks it without any one of them`, () => {
      authorizeToken(caller(scopes), action, 'r')
      for (const missing of scopes) {
        const others = tokenScopes.filter((scope) => scope !== missing)
        const error = refusal(() => authorizeToken(caller(others), action, 'r'))
        assert.deepEqual([error.kind, error.code], ['forbidden', 'scope_missing'])
        assert.match(error.detail, new RegExp(`"push" lacks ${missing}`))
      }
    })
  }

  it('may do nothing that is not listed, whatever its scopes', () => {
    for (const action of ['scim.users.purge', 'operator.organizations.list', '', 'constructor']) {
      assert.equal(refusal(() => authorizeToken(caller(tokenScopes), action, 'r')).kind, 'forbidden', action)
    }
  })

  it('of a paused connection reads as before, and is told to bring its changes later and why', () => {
    const paused = caller(tokenScopes, 'paused')
    authorizeToken(paused, 'scim.users.read', 'r')
    authorizeToken(paused, 'scim.discovery.read', 'r')
    for (const action of ['scim.users.write', 'scim.groups.write']) {
      const error = refusal(() => authorizeToken(paused, action, 'r'))
      assert.deepEqual([error.kind, error.headers['Retry-After']], ['unavailable', '300'])
      assert.match(error.detail, /administrator paused the connection "Okta"/)
    }
  })

  it('of a paused connection that lacks the scope hears of the scope, which waiting does not bring', () => {
    assert.equal(refusal(() => authorizeToken(caller([], 'paused'), 'scim.users.write', 'r')).kind, 'forbidden')
  })

  it('acts as itself, through its door and connection, in its request', () => {
    const known = caller(tokenScopes)
    assert.deepEqual(authorizeToken(known, 'scim.users.write', 'r-1'), {
      orgId: known.orgId,
      actor: { type: 'connection_token', id: known.token.id, name: 'push' },
      door: 'scim',
      connectionId: known.connection.id,
      requestId: 'r-1',
    })
  })
})

describe('an operator', () => {
  it('acts for the organization it names, through the door it came by', () => {
    const actor = { type: 'operator', id: 'o', name: 'ops' } as const
    assert.deepEqual(authorizeOperator({ actor, door: 'operator', requestId: 'r' }, 'org'), {
      orgId: 'org',
      actor,
      door: 'operator',
      requestId: 'r',
    })
  })
})
