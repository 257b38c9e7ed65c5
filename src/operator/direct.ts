import { authorizeOperator, type Operator } from '../access/index.js'
import {
  type Connection,
  createConnection,
  createToken,
  findConnection,
  listConnections,
  listTokens,
  pauseConnection,
  resumeConnection,
  revokeToken,
  rotateToken,
} from '../connections/index.js'
import { tokenScopes } from '../contract/token.js'
import { createOrganization, findOrganization, listOrganizations, type Organization } from '../directory/index.js'
import type { Change, Journal } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { notFound } from '../platform/errors.js'
import type { NewId } from '../platform/ids.js'
import type { OperatorApi } from './api.js'
import { directConnections } from './direct-connections.js'
import { directSchemas } from './direct-schemas.js'
import { presentConnection, presentOrganization, presentToken } from './present.js'

/** The operator's work, done on the core. */

export type DirectDeps = {
  readonly db: Knex
  readonly journal: Journal
  readonly newId: NewId
  /** The address clients use, without a slash at its end. */
  readonly publicUrl: string
}

const expiry = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text))

/** @throws AppError as the commands behind it do, and not_found for an organization or connection that is not there */
export function directApi(deps: DirectDeps, operator: Operator): OperatorApi {
  const { db, journal } = deps
  const scimBaseUrl = (slug: string) => `${deps.publicUrl}/scim/v2/${slug}`

  const organizationOf = async (slug: string): Promise<Organization> => {
    const organization = await findOrganization(db, slug)
    if (!organization) throw notFound('organization_not_found', `There is no organization "${slug}".`)
    return organization
  }

  const connectionOf = async (slug: string, idOrName: string): Promise<{ orgId: string; connection: Connection }> => {
    const { orgId } = await organizationOf(slug)
    const connection = await findConnection(db, orgId, idOrName)
    if (!connection) throw notFound('connection_not_found', `The organization "${slug}" has no connection "${idOrName}".`)
    return { orgId, connection }
  }

  const change = <T>(orgId: string, run: (c: Change) => Promise<T>): Promise<T> =>
    journal.change(authorizeOperator(operator, orgId), run)

  return {
    createOrganization: ({ slug, name, scim }) =>
      change(deps.newId(), async (c) => {
        const organization = presentOrganization(await createOrganization(c, { slug, name: name ?? slug }))
        if (!scim) return { organization }
        const connection = await createConnection(c, scim)
        const issued = await createToken(c, connection.id, { name: scim.name, scopes: tokenScopes, expiresAt: null })
        const ids = { tokenId: issued.token.id, connectionId: connection.id }
        return { organization, scim: { baseUrl: scimBaseUrl(slug), token: issued.secret, ...ids } }
      }),

    listOrganizations: async ({ after, limit }) => {
      const found = await listOrganizations(db, { after, limit: limit + 1 })
      const items = found.slice(0, limit).map(presentOrganization)
      const last = items.at(-1)
      return { items, ...(found.length > limit && last && { next: last.slug }) }
    },

    createConnection: async (slug, input) => {
      const { orgId } = await organizationOf(slug)
      return presentConnection(await change(orgId, (c) => createConnection(c, input)), scimBaseUrl(slug))
    },

    listConnections: async (slug) => {
      const { orgId } = await organizationOf(slug)
      const found = await listConnections(db, orgId)
      return { items: found.map((connection) => presentConnection(connection, scimBaseUrl(slug))) }
    },

    pauseConnection: async (slug, idOrName) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return presentConnection(await change(orgId, (c) => pauseConnection(c, connection.id)), scimBaseUrl(slug))
    },

    resumeConnection: async (slug, idOrName) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return presentConnection(await change(orgId, (c) => resumeConnection(c, connection.id)), scimBaseUrl(slug))
    },

    createToken: async (slug, idOrName, { name, scopes, expiresAt, user }) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      const input = { name, scopes, expiresAt: expiry(expiresAt), user }
      const { secret, token } = await change(orgId, (c) => createToken(c, connection.id, input))
      return { secret, token: presentToken(token) }
    },

    listTokens: async (slug, idOrName) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return { items: (await listTokens(db, orgId, connection.id)).map(presentToken) }
    },

    rotateToken: async (slug, idOrName, tokenId, { overlapHours, expiresAt }) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      const input = { overlapSeconds: overlapHours * 3600, expiresAt: expiry(expiresAt) }
      const { secret, token } = await change(orgId, (c) => rotateToken(c, connection.id, tokenId, input))
      return { secret, token: presentToken(token) }
    },

    revokeToken: async (slug, idOrName, tokenId) => {
      const { orgId, connection } = await connectionOf(slug, idOrName)
      return presentToken(await change(orgId, (c) => revokeToken(c, connection.id, tokenId)))
    },

    ...directConnections({ db, publicUrl: deps.publicUrl, connectionOf, change }),
    ...directSchemas({ db, organizationOf, change }),
  }
}
