import type { IncomingMessage, ServerResponse } from 'node:http'
import { isTransient } from '../platform/db/pg-errors.js'
import { AppError, notFound, unavailable } from '../platform/errors.js'
import { readBody } from './body.js'
import type { CallRequest, Door, Endpoint, Observation, Reply } from './endpoint.js'
import { couldMean, decodePath, matchStart, pattern, type Target } from './match.js'
import type { Turns } from './turns.js'

/**
 * Serves the endpoints of one door, always in this order: authenticate, admit, find the endpoint, authorize, read the body, handle.
 * Whoever is not known learns nothing but that; whoever may not, has no body read. A door with turns takes one to authenticate and one
 * to handle, and holds none while a body arrives.
 */

/** One request on its way through; what becomes known of it is noted for the access log. */
export type Exchange = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly target: Target
  readonly request: CallRequest
  /** Id of the endpoint once it is known. */
  route: string
  caller: Readonly<Record<string, string>>
  refusal: AppError | undefined
}

export type MountedDoor = {
  readonly name: string
  readonly contentType: string
  /** Whether the door must answer this path, served or not. */
  readonly claims: (path: string) => boolean
  /** @throws whatever went wrong, to be given to `refuse` */
  readonly answer: (exchange: Exchange) => Promise<Reply>
  readonly refuse: (error: AppError, exchange: Exchange) => Reply
  /** Tells the door what became of a call. */
  readonly observe: (exchange: Exchange, reply: Reply, ms: number) => void
}

type Candidate<Caller> = { readonly endpoint: Endpoint<Caller>; readonly params: Record<string, string> }

function choose<Caller>(candidates: readonly Candidate<Caller>[], asked: string): Candidate<Caller> {
  if (candidates.length === 0) throw notFound('no_such_endpoint', 'Nothing is served under this path.')
  const method = asked === 'HEAD' ? 'GET' : asked
  const found = candidates.find(({ endpoint }) => endpoint.method === method)
  if (found) return found
  const allowed = candidates
    .flatMap(({ endpoint }) => (endpoint.method === 'GET' ? ['GET', 'HEAD'] : [endpoint.method]))
    .join(', ')
  throw new AppError('method_not_allowed', 'method_not_allowed', `${asked} is not served here, but ${allowed}.`, {
    headers: { Allow: allowed },
  })
}

export function mountDoor<Caller>(door: Door<Caller>, options: { bodyLimit: number; turns?: Turns }): MountedDoor {
  const prefixes = door.prefixes.map(pattern)
  const names = [...new Set(prefixes.flatMap(([name]) => name ?? []))]
  const split = new WeakMap<readonly Endpoint<Caller>[], readonly { endpoint: Endpoint<Caller>; segments: readonly string[] }[]>()
  const splitOnce = (endpoints: readonly Endpoint<Caller>[]) => {
    const known = split.get(endpoints) ?? endpoints.map((endpoint) => ({ endpoint, segments: pattern(endpoint.path) }))
    split.set(endpoints, known)
    return known
  }

  const locate = (path: string) => {
    const segments = decodePath(path)
    for (const prefix of prefixes) {
      const params = matchStart(prefix, segments)
      if (params) return { params, below: segments.slice(prefix.length) }
    }
    return undefined
  }

  const fitting = (endpoints: readonly Endpoint<Caller>[], below: readonly (string | undefined)[]): Candidate<Caller>[] =>
    splitOnce(endpoints).flatMap(({ endpoint, segments }) => {
      const params = segments.length === below.length ? matchStart(segments, below) : undefined
      return params ? [{ endpoint, params }] : []
    })

  const candidates = (below: readonly (string | undefined)[], caller: Caller): Candidate<Caller>[] => {
    const found = fitting(door.endpoints, below)
    return found.length > 0 || !door.endpointsOf ? found : fitting(door.endpointsOf(caller), below)
  }

  type Progress = { caller: Caller | undefined; call: Observation<Caller>['call'] }
  const progress = new WeakMap<Exchange, Progress>()

  const inTurn = <T>({ call, caller }: Progress, work: () => Promise<T>): Promise<T> =>
    options.turns && door.turnOf ? options.turns(door.turnOf(call, caller), work) : work()

  const answer = async (exchange: Exchange): Promise<Reply> => {
    const located = locate(exchange.target.path)
    const params = located?.params ?? {}
    const reached: Progress = {
      caller: undefined,
      call: { ...exchange.request, path: `/${located?.below.join('/') ?? ''}`, params },
    }
    progress.set(exchange, reached)
    const caller = await inTurn(reached, () => door.authenticate({ ...exchange.request, params }))
    reached.caller = caller
    exchange.caller = door.describe?.(caller) ?? {}
    await door.admit?.(caller, reached.call)
    const found = choose(located ? candidates(located.below, caller) : [], exchange.request.method)
    const { endpoint } = found
    exchange.route = endpoint.id
    const request = { ...reached.call, params: { ...params, ...found.params } }
    reached.call = request
    door.authorize(caller, endpoint.access, request)
    const rules = { limit: options.bodyLimit, accepts: door.accepts }
    const text = endpoint.body === 'json' ? await readBody(exchange.incoming, exchange.outgoing, rules) : undefined
    const body = text === undefined ? undefined : door.parse(text, request)
    const call = { ...request, body }
    reached.call = call
    return inTurn(reached, () => endpoint.handle(caller, call))
  }

  const observe: MountedDoor['observe'] = (exchange, reply, ms) => {
    const reached = progress.get(exchange)
    const { route, refusal } = exchange
    if (reached) door.observe?.({ ...reached, route, refusal, reply, ms })
  }

  return {
    name: door.name,
    contentType: door.contentType,
    claims: (path) => names.some((name) => couldMean(name, path)),
    answer,
    refuse: (error, exchange) => door.renderError(error, exchange.request),
    observe,
  }
}

/** What the caller is told about an error: trouble that passes is 503, what nobody foresaw is 500 with a reference, never a lie. */
export function publicError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  if (isTransient(error))
    return unavailable('temporarily_unavailable', 'The service is busy; send the same request again.', { cause: error })
  return new AppError('internal', 'internal', `Something went wrong here, not in your request. Reference: ${requestId}`, {
    cause: error,
  })
}
