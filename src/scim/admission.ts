import { LRUCache } from 'lru-cache'
import { isAllowed, type Limits } from '../connections/index.js'
import type { CallRequest, Door, Endpoint } from '../http/endpoint.js'
import { forbidden } from '../platform/errors.js'
import type { Logger } from '../platform/log.js'
import { bulkCost } from './bulk-request.js'
import type { ScimCaller } from './caller.js'

/** Which calls of a known connection are answered at all: those from its own addresses, and not more than its share. */

export type AdmissionDeps = { readonly limits: Limits; readonly log: Logger }

type Connection = ScimCaller['connection']

/**
 * Refuses a call from elsewhere, then counts it. What comes from elsewhere is 403 and not 401: the credential is good, and a provider
 * that is told otherwise stops the whole job and has its admin replace the token (scim-clients: Entra quarantines on 401 at once).
 * @throws AppError forbidden `address_not_allowed`, too_many
 */
export async function admitCall(deps: AdmissionDeps, connection: Connection, request: CallRequest): Promise<void> {
  const { ip, requestId } = request
  if (!isAllowed(connection.allowedFrom, ip)) {
    deps.log.warn(
      { requestId, organization: connection.orgId, connection: connection.id, ip },
      'a call from an address not allowed',
    )
    throw forbidden(
      'address_not_allowed',
      `The connection "${connection.name}" is not to be used from ${ip}. Ask an administrator to add this address to the allowed ones.`,
    )
  }
  await deps.limits.admit(connection)
}

/** Counts each operation of a bulk request; the call itself was counted already. */
export function countingBulk(limits: Limits, endpoint: Endpoint<ScimCaller>): Endpoint<ScimCaller> {
  if (endpoint.id !== 'scim.bulk.run') return endpoint
  return {
    ...endpoint,
    handle: async (caller, call) => {
      await limits.charge(caller.connection, bulkCost(call.body) - 1)
      return endpoint.handle(caller, call)
    },
  }
}

/**
 * Requests wait in the name of their organization. From an address that has proven nothing yet, its name in the token counts only together
 * with that address, so nobody fills another's line with made-up tokens.
 */
export function namedTurns(): NonNullable<Door<ScimCaller>['turnOf']> {
  const proven = new LRUCache<string, string>({ max: 10_000 })
  return ({ ip, headers }, caller) => {
    const [, organization = ''] = /^bearer +[a-z]{2,6}_([0-9A-Za-z]{22})/i.exec(headers.authorization ?? '') ?? []
    const claimed = `${ip} ${organization}`
    if (caller) proven.set(claimed, caller.scope.orgId)
    return proven.get(claimed) ?? claimed
  }
}
