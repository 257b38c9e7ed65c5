import { authorizeOperator } from '../../src/access/index.js'
import { type App, createApp } from '../../src/app.js'
import { createConnection, createToken } from '../../src/connections/index.js'
import type { ProfileName } from '../../src/contract/connection.js'
import { type TokenScope, tokenScopes } from '../../src/contract/token.js'
import { createOperatorToken, installationId } from '../../src/credentials/index.js'
import { createOrganization } from '../../src/directory/index.js'
import { listen } from '../../src/http/server.js'
import { loadConfig } from '../../src/platform/config.js'
import type { Database } from '../../src/platform/db/open.js'
import { newId } from '../../src/platform/ids.js'
import { createLogger, type Logger } from '../../src/platform/log.js'
import { testDatabase } from './database.js'
import { atRunEnd } from './run-end.js'

/** The whole application on a free port, over the run's database. */

export type TestTenant = {
  readonly orgId: string
  readonly slug: string
  readonly connectionId: string
  readonly tokenId: string
  /** `http://127.0.0.1:PORT/scim/v2/SLUG` */
  readonly baseUrl: string
  readonly token: string
}

export type TestApp = {
  readonly url: string
  readonly core: App['core']
  readonly app: App
  /** A fresh organization with one SCIM connection and a token for it. */
  readonly createOrganization: (options?: { profile?: ProfileName; scopes?: readonly TokenScope[] }) => Promise<TestTenant>
  /** One more connection with a token, in an organization that is there. */
  readonly createConnection: (
    of: { orgId: string; slug: string },
    options?: { profile?: ProfileName; scopes?: readonly TokenScope[] },
  ) => Promise<TestTenant>
  /** A fresh operator token. */
  readonly createOperatorToken: () => Promise<string>
  readonly stop: () => Promise<void>
}

const testOperator = { actor: { type: 'system', id: 'test' }, door: 'system' } as const

export type TestAppOptions = { readonly env?: Record<string, string>; readonly log?: Logger; readonly database?: Database }

/** Starts an application of its own, over the run's database unless given another; `env` overrides settings. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await testDatabase())
  // Tests send in a second what no provider does; those of the limit set their own.
  const config = loadConfig({ SCIM_REQUESTS_PER_SECOND: '100000', ...options.env })
  const listener = await listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listener.port}`
  const app = createApp({ config, database, log: options.log ?? createLogger('silent'), publicUrl: url })
  listener.serve(app.handler)
  const { journal } = app.core

  const connect: TestApp['createConnection'] = ({ orgId, slug }, { profile = 'generic', scopes = tokenScopes } = {}) =>
    journal.change(authorizeOperator(testOperator, orgId), async (c) => {
      const { id: connectionId } = await createConnection(c, { name: `idp ${newId()}`, profile })
      const { secret, token } = await createToken(c, connectionId, { name: 'test', scopes, expiresAt: null })
      return { orgId, slug, connectionId, tokenId: token.id, baseUrl: `${url}/scim/v2/${slug}`, token: secret }
    })

  return {
    url,
    app,
    core: app.core,
    createOrganization: async (tenant) => {
      const orgId = newId()
      const slug = `t-${orgId}`
      await journal.change(authorizeOperator(testOperator, orgId), (c) => createOrganization(c, { slug, name: slug }))
      return connect({ orgId, slug }, tenant)
    },
    createConnection: connect,
    createOperatorToken: async () => {
      const by = authorizeOperator(testOperator, installationId)
      return (await journal.change(by, (c) => createOperatorToken(c, { name: 'test', expiresAt: null }))).secret
    },
    stop: async () => {
      app.drain()
      await listener.stop(1000)
      await app.stop()
    },
  }
}

let shared: Promise<TestApp> | undefined

/** The run's application with default settings; the first caller starts it, the end of the run stops it. */
export function sharedTestApp(): Promise<TestApp> {
  if (!shared) {
    const starting = startTestApp()
    shared = starting
    atRunEnd(async () => (await starting).stop())
  }
  return shared
}
