import { authenticateOperator } from '../credentials/index.js'
import { bearerToken, refuseToken } from '../http/bearer.js'
import type { Door } from '../http/endpoint.js'
import { readJson } from '../http/json.js'
import { renderProblem } from '../http/problem.js'
import { forbidden } from '../platform/errors.js'
import { type DirectDeps, directApi } from './direct.js'
import { operatorEndpoints } from './endpoints.js'
import type { OperatorCaller } from './row.js'
import { operatorWire } from './wire.js'

/** The door of whoever runs the installation. It manages organizations from outside and reads nothing of what is in them. */
export function operatorDoor(deps: DirectDeps): Door<OperatorCaller> {
  return {
    ...operatorWire,
    endpoints: operatorEndpoints,
    authenticate: async (request) => {
      const presented = bearerToken(request.headers)
      const known = presented && (await authenticateOperator(deps.db, presented))
      if (!known) throw refuseToken()
      const actor = { type: 'operator', id: known.id, name: known.name } as const
      return { id: known.id, name: known.name, api: (requestId) => directApi(deps, { actor, door: 'operator', requestId }) }
    },
    authorize: (_, access) => {
      if (!access.startsWith('operator.'))
        throw forbidden('not_for_operators', 'An operator token manages the installation only.')
    },
    describe: (caller) => ({ operator: caller.name }),
    parse: (text) => readJson(text),
    renderError: renderProblem,
  }
}
