import type { oauthErrors } from '../contract/oauth.js'
import { AppError } from '../platform/errors.js'

/** Token requests as clients send them: RFC 6749 §2.3.1 (who it is) and §4.4.2 (what is asked). Pure. */

export type OauthError = (typeof oauthErrors)[number]

export type ClientCredentials = { readonly id: string; readonly secret: string }

/** A refusal in the words of RFC 6749 §5.2. */
export function refuseOauth(error: OauthError, detail: string): AppError {
  if (error !== 'invalid_client') return new AppError('invalid', `oauth_${error}`, detail)
  return new AppError('unauthenticated', 'oauth_invalid_client', detail, {
    headers: { 'WWW-Authenticate': 'Basic realm="oauth"' },
  })
}

/** Where clients of the organization draw access tokens; `baseUrl` is the absolute base of its SCIM door. */
export function tokenUrlOf(baseUrl: string): string {
  return `${baseUrl.replace(/\/scim\/v2\/(?=[^/]*$)/, '/oauth/')}/token`
}

export const unknownClient = (): AppError =>
  refuseOauth('invalid_client', 'The client is unknown here, revoked, or its secret is wrong.')

/** A parameter; undefined where it is missing or empty, which come to the same (§3.2). @throws AppError where it is there twice */
export function parameter(form: URLSearchParams, name: string): string | undefined {
  const values = form.getAll(name)
  if (values.length > 1) throw refuseOauth('invalid_request', `The parameter ${name} is there more than once.`)
  return values[0] || undefined
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

function basicCredentials(header: string): ClientCredentials {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(header) ?? []
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  try {
    return { id: formDecoded(id), secret: formDecoded(secret.join(':')) }
  } catch {
    throw unknownClient()
  }
}

/** Who asks, by the Authorization header or by the body, never by both (§2.3). @throws AppError invalid_request, invalid_client */
export function readCredentials(header: string | undefined, form: URLSearchParams): ClientCredentials {
  const id = parameter(form, 'client_id')
  const secret = parameter(form, 'client_secret')
  if (header !== undefined) {
    if (secret !== undefined) throw refuseOauth('invalid_request', 'The client is named twice: in the header and in the body.')
    const credentials = basicCredentials(header)
    if (id !== undefined && id !== credentials.id)
      throw refuseOauth('invalid_request', 'The client_id of the body is not the one of the header.')
    return credentials
  }
  if (id === undefined || secret === undefined) {
    throw refuseOauth('invalid_client', 'Send client_id and client_secret, in a Basic Authorization header or in the body.')
  }
  return { id, secret }
}

/** Names all scopes of a client at once, as the IPSIE profile of SCIM does. */
const everything = 'scim'

/** The scopes to give: those asked for, or all of the client's. @throws AppError invalid_scope */
export function readScope<Scope extends string>(asked: string | undefined, own: readonly Scope[]): readonly Scope[] {
  const names = (asked ?? everything).split(' ').filter((name) => name !== '')
  if (names.includes(everything)) return own
  const given = own.filter((scope) => names.includes(scope))
  const beyond = names.filter((name) => !given.some((scope) => scope === name))
  if (beyond.length === 0) return given
  throw refuseOauth('invalid_scope', `The client may not have ${beyond.join(' ').slice(0, 200)}; it may have ${own.join(' ')}.`)
}
