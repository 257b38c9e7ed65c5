import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { Answer, Send } from './runner.js'

/** Sends recorded requests. Unlike fetch, it leaves the target as recorded: a stray `?` at the end stays where it is. */

const timeoutMs = 60_000

/** For one SCIM server; `baseUrl` without a slash at its end. Rejects where no answer comes. */
export function httpSender(baseUrl: string, token: string): Send {
  const base = new URL(baseUrl)
  const open = base.protocol === 'https:' ? overHttps : overHttp
  return ({ method, path, headers, body }) =>
    new Promise<Answer>((done, failed) => {
      const all = {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
        ...(body !== undefined && { 'content-type': 'application/scim+json', 'content-length': String(Buffer.byteLength(body)) }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      }
      const sent = Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
      )
      const target = encodeLoose(base.pathname.replace(/\/$/, '') + path)
      const call = open(base, { method, path: target, headers: sent, timeout: timeoutMs }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', failed)
        response.on('end', () => {
          const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
          done({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(named),
            text: Buffer.concat(chunks).toString('utf8'),
          })
        })
      })
      call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
      call.on('error', failed)
      call.end(body)
    })
}

/** Encodes what must not stand in a request target, so that transcripts can be read; what is encoded already stays. */
export function encodeLoose(target: string): string {
  return target.replace(/[^\x21-\x7e]|["<>\\^`{|}#]/gu, (char) => encodeURIComponent(char))
}
