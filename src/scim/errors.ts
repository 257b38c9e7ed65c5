import { AppError } from '../platform/errors.js'

/** The SCIM dialect of refusals: RFC 7644 §3.12. */

export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

const snake = (scimType: string): string => scimType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** 400 with a scimType; `detail` is a sentence an identity-provider admin can act on. */
export function refuse(scimType: ScimType, detail: string): AppError {
  return new AppError('invalid', `scim_${snake(scimType)}`, detail)
}
