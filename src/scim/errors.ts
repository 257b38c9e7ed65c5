import type { Reply } from '../http/endpoint.js'
import { AppError, type ErrorKind } from '../platform/errors.js'

/** The SCIM dialect of refusals: RFC 7644 §3.12. */

export const scimTypes = [
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
  'invalidCursor',
  'expiredCursor',
  'invalidCount',
] as const

export type ScimType = (typeof scimTypes)[number]

const codeOf = (scimType: ScimType): string => `scim_${scimType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`

const byCode = new Map<string, ScimType>(scimTypes.map((scimType) => [codeOf(scimType), scimType]))

/** 400 with a scimType; `detail` is a sentence an identity-provider admin can act on. */
export function refuse(scimType: ScimType, detail: string): AppError {
  return new AppError('invalid', codeOf(scimType), detail)
}

const statuses: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported: 415,
  too_many: 429,
  unavailable: 503,
  internal: 500,
}

// Refusals from behind the door carry codes of the core; these are their SCIM names.
const scimTypeOf = (error: AppError): ScimType | undefined => {
  const own = byCode.get(error.code)
  if (own) return own
  if (error.kind === 'conflict') return 'uniqueness'
  if (error.kind !== 'invalid') return undefined
  return /^(json|body)_/.test(error.code) ? 'invalidSyntax' : 'invalidValue'
}

/** The error message of RFC 7644 §3.12: `status` is a string. */
export function errorBody(error: AppError): object {
  const scimType = scimTypeOf(error)
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(statuses[error.kind]),
    ...(scimType && { scimType }),
    detail: error.detail,
  }
}

export function renderError(error: AppError): Reply {
  return { status: statuses[error.kind], headers: error.headers, body: errorBody(error) }
}
