/**
 * One error type with two halves: `detail` may leave the house, `cause` never does. Each door renders `kind` and `code` in its
 * own dialect (scim/errors.ts, http/problem.ts).
 */

export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'stale'
  | 'unsupported'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'internal'
  | 'internal'

/** One of several faults of an input; `pointer` is a JSON pointer into it. */
export type InputFault = { readonly pointer: string; readonly detail: string }

export type ErrorOptions = {
  /** What went wrong inside; logged, never sent. */
  cause?: unknown
  /** JSON pointer or attribute path of the offending part of the input. */
  pointer?: string
  /** Every fault found, where the input was checked as a whole. */
  faults?: readonly InputFault[]
  /** Response headers the error asks for, e.g. Allow or Retry-After. */
  headers?: Record<string, string>
}

export class AppError extends Error {
  readonly kind: ErrorKind
  /** Stable snake_case name of this refusal, e.g. `user_name_taken`. */
  readonly code: string
  readonly pointer: string | undefined
  readonly faults: readonly InputFault[]
  readonly headers: Record<string, string>

  constructor(kind: ErrorKind, code: string, detail: string, options: ErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.pointer = options.pointer
    this.faults = options.faults ?? []
    this.headers = options.headers ?? {}
  }

  /** The sentence for the caller. */
  get detail(): string {
    return this.message
  }
}

/** 400: the input is wrong, and `detail` says what to send instead. */
export function invalid(code: string, detail: string, options?: ErrorOptions): AppError {
  return new AppError('invalid', code, detail, options)
}

/** 404: nothing by that name is visible to the caller. */
export function notFound(code: string, detail: string): AppError {
  return new AppError('not_found', code, detail)
}

/** 409: the input collides with what exists. */
export function conflict(code: string, detail: string, options?: ErrorOptions): AppError {
  return new AppError('conflict', code, detail, options)
}

/** 403: known caller, not allowed. */
export function forbidden(code: string, detail: string): AppError {
  return new AppError('forbidden', code, detail)
}

/** 401: nobody we know. The challenge names the scheme; it never says what was wrong with what was presented. */
export function unauthenticated(detail: string): AppError {
  return new AppError('unauthenticated', 'unauthenticated', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="gatehouse"' },
  })
}

/** 503 with Retry-After in whole seconds: transient trouble, try the same call again. */
export function unavailable(code: string, detail: string, options: { cause?: unknown; retryAfter?: number } = {}): AppError {
  return new AppError('unavailable', code, detail, {
    cause: options.cause,
    headers: { 'Retry-After': String(options.retryAfter ?? 5) },
  })
}

/** 429 with Retry-After in whole seconds, the only form every client understands. */
export function tooMany(code: string, detail: string, retryAfter: number): AppError {
  return new AppError('too_many', code, detail, { headers: { 'Retry-After': String(retryAfter) } })
}
