import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers what cannot be read as a request at all: nobody is known yet and no door is chosen, but the sender is told what to do. */

/** Most bytes of a request's address and headers together: a filter of 8 KiB has thrice as many once it is percent-encoded. */
export const mostHeaderBytes = 65_536

/** Milliseconds that a sender may go on sending before the connection is cut. */
const lingering = 1000

const tooLong = `The address and headers are larger than ${mostHeaderBytes / 1024} KiB together. Send a long filter in the body of a POST to /.search.`
const meanings: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, tooLong],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time. Send it again.'],
}
const malformed = [400, 'This is not a request that HTTP/1.1 allows (RFC 9112).'] as const

export function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const [status, detail] = meanings[error.code ?? ''] ?? malformed
  const title = STATUS_CODES[status]
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end([...head, 'Connection: close', '', body].join('\r\n'))
  // What is still on its way is read and dropped: cutting at once would take the answer back.
  socket.resume()
  setTimeout(() => socket.destroy(), lingering).unref()
}
