import type { ServerResponse } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { AppError, notFound } from '../platform/errors.js'
import type { Logger } from '../platform/log.js'
import type { Metrics } from '../platform/metrics.js'
import { type Exchange, type MountedDoor, publicError } from './door.js'
import type { Reply } from './endpoint.js'
import { type HealthDeps, healthPage } from './health.js'
import { splitTarget } from './match.js'
import { renderProblem } from './problem.js'

/** Every request of the process passes here: it gets an id, an answer, a log line and a count, whatever happens. */

export type ServeDeps = {
  readonly doors: readonly MountedDoor[]
  readonly health: HealthDeps
  readonly metrics: Metrics
  readonly log: Logger
  readonly newId: () => string
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[]
  /** Whether clients reach this server by https. */
  readonly https: boolean
  readonly stopping: () => boolean
}

const saneId = /^[A-Za-z0-9._:-]{1,100}$/

/** Milliseconds that a client may go on sending a body that nobody reads any more. */
const lingering = 5000

function headersOf(request: Request): Record<string, string | undefined> {
  const named = Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value])
  return Object.fromEntries(named)
}

function openExchange(request: Request, response: Response, newId: () => string): Exchange {
  const target = splitTarget(request.url)
  const asked = request.get('x-request-id') ?? ''
  return {
    incoming: request,
    outgoing: response,
    target,
    request: {
      method: request.method,
      path: '',
      params: {},
      query: new URLSearchParams(target.query),
      headers: headersOf(request),
      requestId: saneId.test(asked) ? asked : newId(),
      ip: request.ip ?? '',
    },
    route: 'none',
    caller: {},
    refusal: undefined,
  }
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const text = typeof reply.body === 'object' ? JSON.stringify(reply.body) : reply.body
  const all: Record<string, string> = { ...headers, ...reply.headers }
  if (text === undefined) delete all['Content-Type']
  else all['Content-Length'] = String(Buffer.byteLength(text))
  response.writeHead(reply.status, all)
  response.end(text)
}

function dropUnread(request: Request): void {
  if (request.complete) return
  request.resume()
  setTimeout(() => request.complete || request.socket.destroy(), lingering).unref()
}

export function createHandler(deps: ServeDeps): Express {
  const always: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(deps.https && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }

  // Its lines have the fields that `account` names, none of them secret; searching them for secrets would cost ten times the line.
  const access = deps.log.child({}, { redact: [] })

  const settle = async (exchange: Exchange, door: MountedDoor | undefined): Promise<Reply> => {
    try {
      if (door) return await door.answer(exchange)
      const page = healthPage(deps.health, exchange.target.path)
      if (!page) throw notFound('no_such_page', 'Nothing is served under this path.')
      exchange.route = exchange.target.path
      if (exchange.request.method === 'GET' || exchange.request.method === 'HEAD') return await page()
      throw new AppError('method_not_allowed', 'method_not_allowed', 'Only GET and HEAD are served here.', {
        headers: { Allow: 'GET, HEAD' },
      })
    } catch (error) {
      const refusal = publicError(error, exchange.request.requestId)
      exchange.refusal = refusal
      if (refusal.cause !== undefined) {
        const level = refusal.kind === 'internal' ? 'error' : 'warn'
        deps.log[level]({ requestId: exchange.request.requestId, route: exchange.route, err: refusal.cause }, refusal.code)
      }
      return door ? door.refuse(refusal, exchange) : renderProblem(refusal, exchange.request)
    }
  }

  const account = (exchange: Exchange, door: string, status: number, ms: number): void => {
    const { method, requestId, headers } = exchange.request
    deps.metrics.request({ door, method, status, route: exchange.route, seconds: ms / 1000 })
    const userAgent = headers['user-agent']?.slice(0, 200)
    const line = {
      requestId,
      door,
      method,
      route: exchange.route,
      status,
      ms: Math.round(ms * 10) / 10,
      ...exchange.caller,
      userAgent,
    }
    access.info(line, 'request')
  }

  const close = (exchange: Exchange, door: MountedDoor | undefined, reply: Reply, startedAt: number): void => {
    const ms = performance.now() - startedAt
    account(exchange, door?.name ?? 'none', reply.status, ms)
    try {
      door?.observe(exchange, reply, ms)
    } catch (error) {
      deps.log.error({ requestId: exchange.request.requestId, err: error }, 'a call could not be observed')
    }
  }

  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', [...deps.trustProxy])
  app.use(async (request, response) => {
    const startedAt = performance.now()
    const exchange = openExchange(request, response, deps.newId)
    const door = deps.doors.find((candidate) => candidate.claims(exchange.target.path))
    const reply = await settle(exchange, door)
    const closed = () => close(exchange, door, reply, startedAt)
    // Whoever hung up before there was an answer is accounted for too.
    if (response.destroyed) closed()
    else response.once('close', closed)
    send(response, reply, {
      'Content-Type': door?.contentType ?? 'application/json',
      'X-Request-Id': exchange.request.requestId,
      ...always,
      ...(deps.stopping() && { Connection: 'close' }),
    })
    dropUnread(request)
  })
  // Only an answer that could not be written comes here; Express would send its own page, with the stack.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    deps.log.error({ err: error }, 'an answer could not be sent')
    response.destroy()
  })
  return app
}
