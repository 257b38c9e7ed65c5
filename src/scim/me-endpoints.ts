import type { Endpoint } from '../http/endpoint.js'
import { AppError, notFound } from '../platform/errors.js'
import type { ScimCaller } from './caller.js'

/**
 * `/Me`: RFC 7644 §3.11. Requests are processed directly, as those to the user's own address would be; POST is not among them, since
 * the user is there already.
 */

const nobody = notFound(
  'token_of_nobody',
  'This token stands for a connection and for no user, so there is no "Me". Use /Users, or a token that was made for a user.',
)

// "In any response, the HTTP Location header MUST be the permanent location of the resource" (RFC 7644 §3.11): in refusals too.
function located(error: AppError, location: string): AppError {
  const { kind, code, detail, cause, faults, headers, pointer } = error
  const all = { ...headers, Location: location }
  return new AppError(kind, code, detail, { cause, faults, headers: all, ...(pointer !== undefined && { pointer }) })
}

/** The alias for every endpoint of one resource among those of `/Users`. */
export function meEndpoints(users: readonly Endpoint<ScimCaller>[]): Endpoint<ScimCaller>[] {
  return users
    .filter((endpoint) => endpoint.path === '/Users/:id')
    .map((endpoint) => ({
      ...endpoint,
      id: endpoint.id.replace('users', 'me'),
      path: '/Me',
      summary: endpoint.summary.replace('one of users', 'the user the token stands for'),
      handle: async (caller, call) => {
        const { userId: id, baseUrl } = caller
        if (id === undefined) throw nobody
        const location = `${baseUrl}/Users/${id}`
        try {
          const reply = await endpoint.handle(caller, { ...call, params: { ...call.params, id } })
          return { ...reply, headers: { ...reply.headers, Location: location } }
        } catch (error) {
          throw error instanceof AppError ? located(error, location) : error
        }
      },
    }))
}
