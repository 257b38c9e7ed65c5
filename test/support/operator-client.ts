/** A client of the operator door: sends what it is told, gives back what came. */
export function operatorClient(url: string, token: string) {
  return async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${url}/operator/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests read replies of every shape
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as any }
  }
}
