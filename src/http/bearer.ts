import { type AppError, unauthenticated } from '../platform/errors.js'
import { type PresentedToken, readToken } from '../platform/secrets.js'

/** Bearer tokens in requests: RFC 6750 §2.1, the header alone. The scheme's name ignores case (RFC 9110 §11.1). */

const credentials = /^bearer +([A-Za-z0-9._~+/-]{1,512}=*) *$/i

/** The token presented, if one came that could be ours. */
export function bearerToken(headers: Readonly<Record<string, string | undefined>>): PresentedToken | undefined {
  const [, token] = credentials.exec(headers.authorization ?? '') ?? []
  return token === undefined ? undefined : readToken(token)
}

/** The one answer to a missing, malformed, unknown, expired or revoked token: which of these it was is nobody's business. */
export function refuseToken(): AppError {
  return unauthenticated('A live bearer token is needed: send the header "Authorization: Bearer …".')
}
