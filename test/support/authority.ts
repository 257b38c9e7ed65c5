import { type Authority, mintAuthority } from '../../src/journal/index.js'
import { newId } from '../../src/platform/ids.js'

/** Somebody who may, for tests of what lies behind the doors. */
export function anyAuthority(orgId: string = newId(), connectionId?: string): Authority {
  return mintAuthority({ orgId, connectionId, actor: { type: 'system', id: 'test' }, door: 'system', requestId: 'test-request' })
}
