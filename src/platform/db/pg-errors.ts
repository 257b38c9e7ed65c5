/** What a database error means, by SQLSTATE (PostgreSQL appendix A) or by the network error underneath. */

type Fault = { code?: unknown; constraint?: unknown; name?: unknown; message?: unknown }

const field = (error: unknown, name: keyof Fault): string => {
  const value = typeof error === 'object' && error !== null ? (error as Fault)[name] : undefined
  return typeof value === 'string' ? value : ''
}

/** Serialization failure or deadlock: the whole transaction may simply be run again. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(field(error, 'code'))
}

const passing = [
  '53100',
  '53200',
  '53300',
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '25P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

/** Trouble that passes: no connection, timeouts, a restarting server. Callers are told to come again, never that they are wrong. */
export function isTransient(error: unknown): boolean {
  const code = field(error, 'code')
  if (code) return isRetryable(error) || code.startsWith('08') || passing.includes(code)
  return (
    field(error, 'name') === 'KnexTimeoutError' ||
    /Connection terminated|timeout expired|not queryable|Query read timeout/i.test(field(error, 'message'))
  )
}

/**
 * Name of the violated constraint, without the shard number a distributed database appends (`users_user_name_key_102081`).
 * Undefined where the error is no constraint violation.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!field(error, 'code').startsWith('23')) return undefined
  return field(error, 'constraint').replace(/_\d{6,}$/, '') || undefined
}
