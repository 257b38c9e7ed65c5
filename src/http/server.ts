import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mostHeaderBytes, refuseUnreadable } from './unreadable.js'

/** The listening socket: opened before the application is put behind it (it needs to know its port), closed without dropping a call. */

export type Listener = {
  readonly port: number
  /** Puts the application behind the socket. */
  readonly serve: (handler: RequestListener) => void
  /** Stops accepting, lets requests in flight finish for at most `graceMs`, then cuts what is left. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** @throws the system's error, e.g. code EADDRINUSE */
export async function listen(at: { host: string; port: number }): Promise<Listener> {
  const timeouts = { requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 }
  const server = createServer({ ...timeouts, maxHeaderSize: mostHeaderBytes })
  server.on('clientError', refuseUnreadable)
  await new Promise<void>((done, failed) => server.once('error', failed).listen(at.port, at.host, done))
  return {
    port: (server.address() as AddressInfo).port,
    // A client that asks first whether to send its body is answered by whoever reads it.
    serve: (handler) => server.on('request', handler).on('checkContinue', handler),
    stop: async (graceMs) => {
      const closed = new Promise((done) => server.close(done))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}
