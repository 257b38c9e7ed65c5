import { type Actor, type Authority, mintAuthority } from '../journal/index.js'
import { forbidden, unavailable } from '../platform/errors.js'

/** The only place that turns a caller into an Authority. What is not listed here is nobody's to do. */

export type TokenCaller = {
  readonly orgId: string
  readonly connection: {
    readonly id: string
    readonly name: string
    readonly status: 'active' | 'paused'
    /** Why its brake paused it, in a sentence; undefined where a person did. */
    readonly pauseReason?: string | undefined
  }
  /** What was presented, or the client that drew it. */
  readonly token: {
    readonly kind: 'connection_token' | 'connection_client'
    readonly id: string
    readonly name: string
    readonly scopes: readonly string[]
  }
}

const scopesFor: ReadonlyMap<string, readonly string[]> = new Map([
  ['scim.discovery.read', []],
  ['scim.users.read', ['users:read']],
  ['scim.users.write', ['users:write']],
  ['scim.groups.read', ['groups:read']],
  ['scim.groups.write', ['groups:write']],
  ['scim.resources.read', ['resources:read']],
  ['scim.resources.write', ['resources:write']],
  ['scim.root.read', ['users:read', 'groups:read']],
  // Each operation of a bulk request is asked about by itself.
  ['scim.bulk.write', []],
  ['oauth.token.create', []],
])

function missingScopes({ token }: Pick<TokenCaller, 'token'>, action: string): readonly string[] {
  return scopesFor.get(action)?.filter((scope) => !token.scopes.includes(scope)) ?? [action]
}

/** Whether a connection's token has what `action` takes. */
export function tokenAllows(caller: Pick<TokenCaller, 'token'>, action: string): boolean {
  return missingScopes(caller, action).length === 0
}

function pausedDetail({ name, pauseReason }: TokenCaller['connection']): string {
  if (pauseReason === undefined)
    return `An administrator paused the connection "${name}": reads are answered, changes wait until it is resumed.`
  return `The connection "${name}" was paused by its brake: reads are answered, changes wait until an administrator releases or rejects what it holds. ${pauseReason}`
}

/** Seconds after which a client of a paused connection should come again. */
const pausedRetry = 300

/**
 * Lets a connection's token do `action`, or says why not. A paused connection still answers reads; its writes are put off and not
 * refused, because a provider repeats what it was told to repeat and gives up on what it was denied.
 * @throws AppError forbidden `scope_missing`, unavailable `connection_paused`
 */
export function authorizeToken(caller: TokenCaller, action: string, requestId: string): Authority {
  const { connection, token } = caller
  const missing = missingScopes(caller, action)
  if (missing.length > 0) {
    throw forbidden(
      'scope_missing',
      `The token "${token.name}" lacks ${missing.join(' and ')}. Use a token that has it, or ask for a new one.`,
    )
  }
  if (connection.status === 'paused' && action.endsWith('.write')) {
    throw unavailable('connection_paused', pausedDetail(connection), { retryAfter: pausedRetry })
  }
  const actor = { type: token.kind, id: token.id, name: token.name }
  return mintAuthority({ orgId: caller.orgId, actor, door: 'scim', connectionId: connection.id, requestId })
}

/** Whoever runs the installation: by operator token, on the machine itself, or the server on its own behalf. */
export type Operator = {
  readonly actor: Actor & { readonly type: 'operator' | 'system' }
  readonly door: 'operator' | 'cli' | 'system'
  readonly requestId?: string | undefined
}

/** Lets the operator manage one organization's settings. */
export function authorizeOperator(operator: Operator, orgId: string): Authority {
  return mintAuthority({ orgId, ...operator })
}
