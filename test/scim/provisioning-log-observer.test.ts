import assert from 'node:assert/strict'
import type { NewCall, ProvisioningLog } from '../../src/connections/index.js'
import type { Observation } from '../../src/http/endpoint.js'
import { AppError, unavailable } from '../../src/platform/errors.js'
import { newId } from '../../src/platform/ids.js'
import type { ScimCaller } from '../../src/scim/caller.js'
import { renderError } from '../../src/scim/errors.js'
import { provisioningObserver } from '../../src/scim/provision-log.js'

/** Every answered call is noted once, even when nothing is known of it. */

describe('the observer of the SCIM door', () => {
  const noted: { orgId: string; call: NewCall }[] = []
  const strangers: Parameters<ProvisioningLog['noteStranger']>[0][] = []
  const provisioningLog: ProvisioningLog = {
    note: (orgId, call) => void noted.push({ orgId, call }),
    noteStranger: (stranger) => void strangers.push(stranger),
    state: () => ({ waiting: 0, lostCalls: 0, droppedBodies: 0 }),
    flush: async () => {},
    stop: async () => {},
  }
  const at = new Date('2026-01-02T03:04:05Z')
  const observe = provisioningObserver({ provisioningLog, clock: () => at, newId })

  const seen = (rest: Partial<Observation<ScimCaller>> & { error?: AppError }): Observation<ScimCaller> => {
    const { error, ...more } = rest
    return {
      call: {
        method: 'GET',
        path: '/Users',
        params: { org: 'acme' },
        query: new URLSearchParams(),
        headers: {},
        requestId: 'r',
        ip: '',
      },
      caller: undefined,
      route: 'none',
      reply: error ? renderError(error) : { status: 200 },
      refusal: error,
      ms: 2000,
      ...more,
    }
  }

  it('notes when a call came in, not when it was answered', () => {
    observe(seen({ error: new AppError('unauthenticated', 'token_refused', 'No.') }))
    assert.equal(strangers.at(-1)?.call.at.toISOString(), '2026-01-02T03:04:03.000Z')
  })

  it('says that the server could not look, where it could not', () => {
    observe(seen({ error: unavailable('temporarily_unavailable', 'The service is busy.') }))
    const { call } = strangers.at(-1) ?? {}
    assert.deepEqual([call?.status, call?.line], [503, 'could not answer GET /Users: the service is busy'])
  })

  it('notes that a call was made even if it cannot be described, and lets the fault be known', () => {
    // What no handler gives: something that breaks whoever reads it.
    const caller = { scope: { orgId: 'o', connectionId: 'c' }, tokenId: 't' } as unknown as ScimCaller
    assert.throws(() => observe(seen({ caller })), TypeError)
    const { orgId, call } = noted.at(-1) ?? {}
    assert.deepEqual([orgId, call?.connectionId, call?.tokenId, call?.line], ['o', 'c', 't', 'answered 200'])
  })
})
