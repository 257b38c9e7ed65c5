import { isIP } from 'node:net'
import { z } from 'zod'

/**
 * Every setting, once: its name, default, meaning and remedy. The README's table is printed from here, and all faults of an
 * environment are reported together.
 */

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

function isRange(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.trim().split('/')
  return more.length === 0 && /^[0-9]+$/.test(bits) && Number(bits) <= { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6]
}

const url = (protocols: RegExp) => z.url({ protocol: protocols, error: 'is not such a URL' })

export const settings = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/)
    .optional()
    .describe('PostgreSQL to use, e.g. postgres://user:password@host:5432/gatehouse. Without it the embedded database runs.'),
  DATA_DIR: z.string().min(1).default('data').describe('Directory of the embedded database. One process at a time may use it.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  PORT: whole(0, 65535).default(3000).describe('Port to listen on; 0 takes a free one.'),
  PUBLIC_URL: url(/^https?$/)
    .optional()
    .describe(
      'The address clients use, e.g. https://id.example.com. Links and SCIM locations are built from it, never from a request.',
    ),
  TRUST_PROXY: z
    .string()
    .default('')
    .refine((list) => list === '' || list.split(',').every(isRange), 'takes addresses or CIDR ranges, separated by commas')
    .describe('Addresses of proxies whose X-Forwarded-For is believed, comma-separated CIDR ranges. Nobody by default.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  BODY_LIMIT_KB: whole(16, 65536).default(8192).describe('Largest request body, in KiB. Larger ones are answered with 413.'),
  DATABASE_POOL_MAX: whole(1, 200).default(10).describe('Most PostgreSQL connections this process holds.'),
  DATABASE_ACQUIRE_TIMEOUT_MS: whole(50, 60000)
    .default(2000)
    .describe('How long a request waits for a connection before it is answered with 503, in milliseconds.'),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(100, 600000).default(25000).describe('Longest a statement may run, in milliseconds.'),
  SCIM_REQUESTS_PER_SECOND: whole(25, 100000)
    .default(1000)
    .describe(
      'Requests a second that a SCIM connection may make where it has no figure of its own, bulk operations counted each; 20 seconds of it may come at once.',
    ),
  SHUTDOWN_GRACE_MS: whole(0, 300000)
    .default(25000)
    .describe('How long a stopping server lets requests in flight finish, in milliseconds.'),
  PROVISIONING_LOG_DAYS: whole(1, 3650).default(30).describe('How long the log of provisioning calls is kept, in days.'),
  NODE_ENV: z.string().default('development').describe('`production` switches demo mode off wherever the server listens.'),
  GATEHOUSE_URL: url(/^https?$/)
    .optional()
    .describe('Server the command line speaks to. Without it the command line finds the local one or opens the database itself.'),
  GATEHOUSE_OPERATOR_TOKEN: z.string().optional().describe('Operator token for GATEHOUSE_URL.'),
})

export type Config = z.output<typeof settings> & {
  /** Demo data and secrets on the screen: only where nobody but this machine can reach the server. */
  readonly demo: boolean
}

const hints: Record<string, string> = {
  DATABASE_URL: 'Use postgres://user:password@host:5432/database, or leave it out to use the embedded database.',
  PUBLIC_URL: 'Use the full address, e.g. https://id.example.com, without a path to a page.',
  GATEHOUSE_URL: 'Use the full address of the server, e.g. https://id.example.com.',
  TRUST_PROXY: 'Use e.g. TRUST_PROXY=10.0.0.0/8,127.0.0.1.',
}

export class ConfigError extends Error {}

/**
 * Reads the environment. `GATEHOUSE_*` and the names above are ours; an empty value counts as not set.
 * @throws ConfigError that lists every fault with a hint each.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, env[name] || undefined]))
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      const field = settings.shape[name as keyof typeof settings.shape]
      const shown = /URL|TOKEN/.test(name) ? '' : ` (it is "${env[name]}")`
      return `  ${name}: ${issue.message}${shown}. ${hints[name] ?? field.description ?? ''}`
    })
    throw new ConfigError(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.join('\n')}`,
    )
  }
  const config = parsed.data
  const local = config.HOST === '127.0.0.1' && !config.DATABASE_URL && !config.PUBLIC_URL
  return { ...config, demo: local && config.NODE_ENV !== 'production' }
}

/** The README's table: name, default, meaning. */
export function describeSettings(): string {
  const rows = Object.entries(settings.shape).map(([name, field]) => {
    const fallback = field.safeParse(undefined)
    const shown = fallback.success && fallback.data !== undefined && fallback.data !== '' ? `\`${String(fallback.data)}\`` : ''
    return `| \`${name}\` | ${shown} | ${field.description ?? ''} |`
  })
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
