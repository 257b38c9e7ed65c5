import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, invalid } from '../platform/errors.js'

/** Reads a request's body whole, up to a limit, and nothing beyond it. */

export type BodyRules = {
  /** Most bytes. */
  readonly limit: number
  /** Media types taken, in lower case; any charset label is ignored, since JSON is UTF-8 (RFC 8259 §8.1). */
  readonly accepts: readonly string[]
}

function tooLarge(limit: number): AppError {
  return new AppError('too_large', 'body_too_large', `The body is larger than ${limit} bytes, the most this server reads.`)
}

function checkHeaders(request: IncomingMessage, rules: BodyRules): void {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const wanted = `Send the body as ${rules.accepts.join(' or ')}`
  if (!rules.accepts.includes(type)) {
    throw new AppError('unsupported', 'content_type_unsupported', `${wanted}; it came as ${type || 'no type at all'}.`)
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (encoding !== 'identity') {
    throw new AppError('unsupported', 'content_encoding_unsupported', `${wanted}, without the content encoding ${encoding}.`)
  }
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = []
    let size = 0
    const leave = () => request.off('data', onData).off('end', onEnd).off('error', onLoss).off('close', onLoss)
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) {
        chunks.push(chunk)
        return
      }
      leave()
      request.pause()
      failed(tooLarge(limit))
    }
    const onEnd = () => {
      leave()
      done(Buffer.concat(chunks))
    }
    const onLoss = () => {
      leave()
      failed(invalid('body_incomplete', 'The connection ended before the body did.'))
    }
    request.on('data', onData).on('end', onEnd).on('error', onLoss).on('close', onLoss)
  })
}

/** The body as text; undefined where none was sent. @throws AppError unsupported, too_large, invalid */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  rules: BodyRules,
): Promise<string | undefined> {
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  if (length === 0 || (Number.isNaN(length) && request.headers['transfer-encoding'] === undefined)) return undefined
  checkHeaders(request, rules)
  if (length > rules.limit) throw tooLarge(rules.limit)
  if (request.headers.expect) response.writeContinue()
  const bytes = await collect(request, rules.limit)
  if (bytes.length === 0) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalid('body_not_utf8', 'The body is not valid UTF-8.', { cause })
  }
}
