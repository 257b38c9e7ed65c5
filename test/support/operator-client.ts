import { checkReply } from './api-replies.js'

/** A client of the operator door: sends what it is told, gives back what came, once the OpenAPI document says so too. */
export function operatorClient(url: string, token: string) {
  return async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${url}/operator/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    checkReply({ method, target: `/operator/v1${path}`, status: reply.status, headers: reply.headers, text })
    // biome-ignore lint/suspicious/noExplicitAny: tests read replies of every shape
    return { status: reply.status, headers: reply.headers, body: JSON.parse(text) as any }
  }
}
