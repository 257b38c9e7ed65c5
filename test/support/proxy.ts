import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a TCP server that can be cut and mended, for databases that go away. */
export async function proxyTo(target: { host: string; port: number }) {
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      // A pipe passes an end on, but not a reset: the other side would wait for ever.
      from
        .on('error', () => {})
        .on('close', () => {
          ends.delete(from)
          to.end()
        })
      from.pipe(to)
    }
  })
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        for (const end of ends) end.destroy()
      }),
    mend: () => listen(port),
  }
}
