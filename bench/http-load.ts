import { connect, type Socket } from 'node:net'

/**
 * Load over keep-alive connections on loopback, a request at a time on each. It speaks just enough HTTP/1.1 for answers with a length
 * or in chunks, because the loader shares the machine with what it measures: a full client would take as long as the server.
 */

export type Shot = {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly body?: object
}

export type Answer = { readonly status: number; readonly body: string }

/** A bound in count and one in time: the load ends at whichever comes first. */
export type Bound = { readonly ms: number; readonly most: number }

export type Load = {
  readonly send: (shot: Shot) => Promise<Answer>
  /** Fires on all connections until the bound; returns answers a second. Any answer that is not 2xx ends the run. */
  readonly run: (bound: Bound, next: () => Shot) => Promise<number>
}

type Waiting = { readonly done: (answer: Answer) => void; readonly failed: (error: Error) => void }

const endOfHead = Buffer.from('\r\n\r\n')

/** The first whole answer in `bytes`, and where it ends; undefined while some of it is missing. */
export function readAnswer(bytes: Buffer): { answer: Answer; end: number } | undefined {
  const headEnd = bytes.indexOf(endOfHead)
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const start = headEnd + endOfHead.length
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return readChunks(bytes, start, status)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (bytes.length < start + length) return undefined
  return { answer: { status, body: bytes.toString('utf8', start, start + length) }, end: start + length }
}

function readChunks(bytes: Buffer, start: number, status: number): { answer: Answer; end: number } | undefined {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (bytes.length < next) return undefined
    if (size === 0) return { answer: { status, body: Buffer.concat(parts).toString() }, end: next }
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}

function encode(shot: Shot, host: string, authorization: string): string {
  const body = shot.body === undefined ? '' : JSON.stringify(shot.body)
  const content = body ? `Content-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : ''
  return `${shot.method} ${shot.path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nAccept: application/scim+json\r\nUser-Agent: bench\r\n${content}\r\n${body}`
}

function openConnection(at: URL, authorization: string) {
  const socket: Socket = connect({ host: at.hostname, port: Number(at.port), noDelay: true })
  let received: Buffer[] = []
  let waiting: Waiting | undefined
  const fail = (error: Error) => waiting?.failed(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    const found = readAnswer(received.length === 1 ? chunk : Buffer.concat(received))
    if (!found) return
    received = []
    const answered = waiting
    waiting = undefined
    answered?.done(found.answer)
  })
  return {
    send: (shot: Shot): Promise<Answer> =>
      new Promise((done, failed) => {
        waiting = { done, failed }
        socket.write(encode(shot, at.host, authorization))
      }),
    close: () => socket.destroy(),
  }
}

/** A load on the server at `url`. Connections live for one run, so that no server ends one for being idle in between. */
export function openLoad(url: string, options: { token: string; connections: number }): Load {
  const open = () => openConnection(new URL(url), `Bearer ${options.token}`)
  return {
    send: async (shot) => {
      const connection = open()
      try {
        return await connection.send(shot)
      } finally {
        connection.close()
      }
    },
    run: async (bound, next) => {
      const connections = Array.from({ length: options.connections }, open)
      const startedAt = performance.now()
      let answered = 0
      let started = 0
      const fire = async (connection: ReturnType<typeof open>): Promise<void> => {
        while (performance.now() - startedAt < bound.ms && started < bound.most) {
          started++
          const shot = next()
          const { status, body } = await connection.send(shot)
          if (status < 200 || status > 299) throw new Error(`${shot.method} ${shot.path} was answered with ${status}: ${body}`)
          answered++
        }
      }
      try {
        await Promise.all(connections.map(fire))
        return (answered * 1000) / (performance.now() - startedAt)
      } finally {
        for (const connection of connections) connection.close()
      }
    },
  }
}
