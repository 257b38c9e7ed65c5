import type { Endpoint } from '../http/endpoint.js'
import type { Journal } from '../journal/index.js'
import { AppError, unavailable } from '../platform/errors.js'
import type { NewId } from '../platform/ids.js'
import type { Json } from '../platform/json.js'
import type { Logger } from '../platform/log.js'
import { type LinkedOperation, linkOperations } from './bulk-link.js'
import { planBulk } from './bulk-plan.js'
import { readBulk } from './bulk-request.js'
import { type Outcome, runSet } from './bulk-run.js'
import type { ScimCaller } from './caller.js'
import { errorBody, renderError } from './errors.js'
import type { ResourceOperations } from './resource-operations.js'

/** `POST /Bulk`: RFC 7644 §3.7. Operations fail one by one (or set by set, where references link them); the request answers 200. */

export type BulkDeps = { readonly journal: Journal; readonly newId: NewId; readonly log: Logger }

const notTried = unavailable(
  'not_tried',
  'Not tried: an operation before it found the service too busy. Send this one again in a moment.',
)

/** Outcomes by index, for every operation that was processed before `failOnErrors` ended it. */
async function carryOut(
  deps: BulkDeps,
  caller: ScimCaller,
  requestId: string,
  operations: readonly LinkedOperation[],
  failOnErrors: number,
): Promise<Map<number, Outcome>> {
  const outcomes = new Map<number, Outcome>()
  let errors = 0
  let outage = false
  for (const steps of planBulk(operations)) {
    const found: ReadonlyMap<number, Outcome> = outage
      ? new Map(steps.map(({ index }) => [index, notTried]))
      : await runSet({ journal: deps.journal, log: deps.log, caller, requestId }, steps, operations)
    for (const [index, outcome] of found) {
      outcomes.set(index, outcome)
      if (outcome instanceof AppError) errors++
      outage ||= outcome instanceof AppError && outcome.kind === 'unavailable'
    }
    if (errors >= failOnErrors) break
  }
  return outcomes
}

function render(operation: LinkedOperation, outcome: Outcome, baseUrl: string): object {
  const { method, bulkId, kind, id, path } = operation
  const failed = outcome instanceof AppError
  const location = kind
    ? `${baseUrl}${kind.endpoint}/${id}`
    : path.includes('://')
      ? path
      : `${baseUrl}/${path.replace(/^\/+/, '')}`
  return {
    ...(!(failed && method === 'POST') && { location }),
    method,
    ...(bulkId !== undefined && { bulkId }),
    ...(!failed && outcome.version !== undefined && { version: outcome.version }),
    status: String(failed ? renderError(outcome).status : outcome.status),
    ...(failed && { response: errorBody(outcome) }),
  }
}

/** `kindsOf` are the kinds of resource that the caller's organization has. */
export function bulkEndpoint(
  deps: BulkDeps,
  kindsOf: (caller: ScimCaller) => readonly ResourceOperations[],
): Endpoint<ScimCaller> {
  return {
    id: 'scim.bulk.run',
    method: 'POST',
    path: '/Bulk',
    access: 'scim.bulk.write',
    summary: 'Carry out many operations.',
    body: 'json',
    replies: {
      200: { description: 'What became of each operation.' },
      400: { description: 'The request as a whole is wrong; nothing was done.' },
      413: { description: 'More operations or bytes than the service provider configuration allows; nothing was done.' },
    },
    handle: async (caller, call) => {
      const { failOnErrors, operations } = readBulk((call.body ?? null) as Json)
      const linked = linkOperations(operations, { kinds: kindsOf(caller), baseUrl: caller.baseUrl }, deps.newId)
      const outcomes = await carryOut(deps, caller, call.requestId, linked, failOnErrors)
      const processed = linked.flatMap((operation) => {
        const outcome = outcomes.get(operation.index)
        return outcome ? [render(operation, outcome, caller.baseUrl)] : []
      })
      return { status: 200, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations: processed } }
    },
  }
}
