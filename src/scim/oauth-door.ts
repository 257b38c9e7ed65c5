import { authorizeToken } from '../access/index.js'
import { accessTokenSeconds, authenticateClient, type ConnectionCaller, drawAccessToken } from '../connections/index.js'
import { accessToken, accessTokenRequest } from '../contract/oauth.js'
import type { Call, Door, Endpoint, Reply } from '../http/endpoint.js'
import { statusOf } from '../http/status.js'
import type { Journal } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { AppError } from '../platform/errors.js'
import { readToken } from '../platform/secrets.js'
import { type AdmissionDeps, admitCall } from './admission.js'
import { type OauthError, parameter, readCredentials, readScope, refuseOauth, unknownClient } from './oauth-request.js'

/**
 * Where a connection's OAuth 2.0 client draws access tokens: the client credentials grant of RFC 6749 §4.4, and no other. A door of its
 * own, beside SCIM's: nobody is known here before the body is read, and errors have another dialect.
 */

export type OauthDoorDeps = AdmissionDeps & { readonly db: Knex; readonly journal: Journal }

/** Nobody is known by a token here. */
type Asker = { readonly slug: string }

/** The most a token request can need, in bytes. */
export const oauthBodyLimit = 16_384

export const oauthWire = {
  name: 'oauth',
  prefixes: ['/oauth/:org'],
  contentType: 'application/json',
  accepts: ['application/x-www-form-urlencoded'],
} as const

const kinds: Partial<Record<AppError['kind'], OauthError>> = {
  unauthenticated: 'invalid_client',
  forbidden: 'unauthorized_client',
  too_many: 'temporarily_unavailable',
  unavailable: 'temporarily_unavailable',
  internal: 'temporarily_unavailable',
}

// §5.2 allows neither quotes nor backslashes in a description, and ASCII only.
const described = (text: string): string => text.replace(/["\\]/g, "'").replace(/[^ -~]/g, '?')

function renderError(error: AppError): Reply {
  const code = error.code.startsWith('oauth_') ? error.code.slice('oauth_'.length) : (kinds[error.kind] ?? 'invalid_request')
  const [status] = statusOf[error.kind]
  return { status, headers: error.headers, body: { error: code, error_description: described(error.detail) } }
}

async function whoAsks(deps: OauthDoorDeps, asker: Asker, call: Call, form: URLSearchParams): Promise<ConnectionCaller> {
  const { id, secret } = readCredentials(call.headers.authorization, form)
  const presented = readToken(secret)
  const known = presented && (await authenticateClient(deps.db, id, presented))
  if (!known || known.slug !== asker.slug) throw unknownClient()
  return known
}

async function issue(deps: OauthDoorDeps, asker: Asker, call: Call): Promise<Reply> {
  const form = call.body instanceof URLSearchParams ? call.body : new URLSearchParams()
  const grant = parameter(form, 'grant_type')
  const known = await whoAsks(deps, asker, call, form)
  await admitCall(deps, { orgId: known.orgId, ...known.connection }, call)
  if (grant === undefined) throw refuseOauth('invalid_request', 'Send grant_type=client_credentials.')
  if (grant !== 'client_credentials')
    throw refuseOauth('unsupported_grant_type', 'The only grant here is client_credentials (RFC 6749, section 4.4).')
  const scopes = readScope(parameter(form, 'scope'), known.token.scopes)
  const by = authorizeToken(known, 'oauth.token.create', call.requestId)
  const token = await deps.journal.change(by, (c) => drawAccessToken(c, known.token.id, scopes))
  return {
    status: 200,
    headers: { Pragma: 'no-cache' },
    body: { access_token: token, token_type: 'Bearer', expires_in: accessTokenSeconds, scope: scopes.join(' ') },
  }
}

export function oauthEndpoints(deps: OauthDoorDeps): Endpoint<Asker>[] {
  return [
    {
      id: 'oauth.token.create',
      method: 'POST',
      path: '/token',
      access: 'oauth.token.create',
      summary: 'Draw an access token of a connection by client credentials',
      body: 'json',
      bodySchema: accessTokenRequest,
      replies: {
        200: { description: 'The access token.', schema: accessToken },
      },
      handle: (asker, call) => issue(deps, asker, call),
    },
  ]
}

export function oauthDoor(deps: OauthDoorDeps): Door<Asker> {
  return {
    ...oauthWire,
    endpoints: oauthEndpoints(deps),
    // The request proves itself by its body, so it is handled before anybody is known.
    authenticate: async (request) => ({ slug: request.params.org ?? '' }),
    authorize: () => {},
    turnOf: (request) => request.ip,
    parse: (text) => new URLSearchParams(text),
    renderError,
  }
}
