import type { Config } from '../platform/config.js'

/** Addresses that mean every interface: nobody can call them, but this machine can call itself. */
const wildcards: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

/** The address clients use, without a slash at its end: PUBLIC_URL, else where this process listens. */
export function publicUrlOf(config: Config, port: number): string {
  if (config.PUBLIC_URL) return config.PUBLIC_URL.replace(/\/+$/, '')
  const host = wildcards.get(config.HOST) ?? config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
