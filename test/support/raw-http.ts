import { type IncomingHttpHeaders, request } from 'node:http'

/** One HTTP exchange with the path exactly as written: fetch would tidy it up first. */

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

export function rawCall(
  url: string,
  call: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const { method = 'GET', path, body } = call
  const length =
    body === undefined || call.headers?.['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const headers = { ...length, ...call.headers }
  return new Promise((done, failed) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk) => chunks.push(chunk)).on('error', failed)
      reply.on('end', () =>
        done({ status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(chunks).toString() }),
      )
    })
    // A server may answer and close before it has read the body; the answer is what counts.
    sent.on('error', failed).end(body)
  })
}
