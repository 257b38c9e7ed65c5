import {
  type Connection,
  configureConnection,
  createClient,
  listClients,
  rejectHeldChange,
  releaseConnection,
  revokeClient,
} from '../connections/index.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { OperatorApi } from './api.js'
import { presentClient, presentConnection } from './present.js'

/** The operator's work on a connection that is there, done on the core. */

type ConnectionApi = Pick<
  OperatorApi,
  'configureConnection' | 'releaseConnection' | 'rejectHeldChange' | 'createClient' | 'listClients' | 'revokeClient'
>

type Reach = {
  readonly db: Knex
  /** The address clients use, without a slash at its end. */
  readonly publicUrl: string
  readonly connectionOf: (slug: string, idOrName: string) => Promise<{ orgId: string; connection: Connection }>
  readonly change: <T>(orgId: string, run: (c: Change) => Promise<T>) => Promise<T>
}

export function directConnections({ db, publicUrl, connectionOf, change }: Reach): ConnectionApi {
  const changed = async (slug: string, idOrName: string, run: (c: Change, id: string) => Promise<Connection>) => {
    const { orgId, connection } = await connectionOf(slug, idOrName)
    return presentConnection(await change(orgId, (c) => run(c, connection.id)), `${publicUrl}/scim/v2/${slug}`)
  }

  return {
    configureConnection: (slug, idOrName, input) => changed(slug, idOrName, (c, id) => configureConnection(c, id, input)),

    releaseConnection: (slug, idOrName, { hours }) => changed(slug, idOrName, (c, id) => releaseConnection(c, id, hours)),

    rejectHeldChange: (slug, idOrName, { hours }) => changed(slug, idOrName, (c, id) => rejectHeldChange(c, id, hours)),

    createClient: async (slug, idOrName, input) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      const { secret, client } = await change(orgId, (c) => createClient(c, connection.id, input))
      return { secret, tokenUrl: `${publicUrl}/oauth/${slug}/token`, client: presentClient(client) }
    },

    listClients: async (slug, idOrName) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return { items: (await listClients(db, orgId, connection.id)).map(presentClient) }
    },

    revokeClient: async (slug, idOrName, clientId) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return presentClient(await change(orgId, (c) => revokeClient(c, connection.id, clientId)))
    },
  }
}
