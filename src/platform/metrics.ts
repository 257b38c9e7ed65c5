import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is measured, in one registry a process: names and labels are promises to whoever draws graphs from them. */

export type Metrics = {
  readonly request: (seen: { door: string; method: string; status: number; route: string; seconds: number }) => void
  /** Registers a value that is read when the page is asked for. */
  readonly gauge: (name: string, help: string, read: () => number | Promise<number>) => void
  readonly contentType: string
  readonly render: () => Promise<string>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    name: 'gatehouse_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['door', 'method', 'status', 'route'],
    registers,
  })
  const latency = new Histogram({
    name: 'gatehouse_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['door', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  return {
    request: ({ door, method, status, route, seconds }) => {
      requests.inc({ door, method, status, route })
      latency.observe({ door, route }, seconds)
    },
    gauge: (name, help, read) => {
      const gauge = new Gauge({
        name,
        help,
        registers,
        collect: async () => {
          // A value that cannot be read now must not take the whole page along.
          gauge.set(
            await Promise.resolve()
              .then(read)
              .catch(() => Number.NaN),
          )
        },
      })
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}
