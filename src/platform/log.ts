import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/**
 * JSON lines. Bodies and headers are never logged whole; what could carry a secret by accident is removed by name, at any of the
 * places where our own objects put it.
 */
const secret = ['authorization', 'cookie', 'password', 'token', 'secret', 'hash']

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
