import type { Connection, ConnectionClient, ConnectionToken } from '../connections/index.js'
import type { ClientView } from '../contract/client.js'
import type { ConnectionView } from '../contract/connection.js'
import type { OrganizationView } from '../contract/organization.js'
import type { TokenView } from '../contract/token.js'
import type { Organization } from '../directory/index.js'

/** The nouns of the core as the operator sees them. */

export function presentOrganization(organization: Organization): OrganizationView {
  const { orgId, slug, name, createdAt } = organization
  return { id: orgId, slug, name, createdAt: createdAt.toISOString() }
}

/** `scimBaseUrl` is the address of the organization's SCIM door, the same for all its connections: the token tells them apart. */
export function presentConnection(connection: Connection, scimBaseUrl: string): ConnectionView {
  const { id, kind, name, profile, status, pause, requestsPerSecond, brake, verdict } = connection
  return {
    id,
    kind,
    name,
    profile,
    status,
    pause,
    requestsPerSecond,
    allowedFrom: [...connection.allowedFrom],
    brake,
    verdict: verdict && { kind: verdict.kind, until: verdict.until.toISOString() },
    scimBaseUrl,
    createdAt: connection.createdAt.toISOString(),
  }
}

export function presentClient(client: ConnectionClient): ClientView {
  const { id, connectionId, name, hint, state } = client
  return {
    id,
    connectionId,
    name,
    hint,
    scopes: [...client.scopes],
    state,
    createdAt: client.createdAt.toISOString(),
    lastUsedAt: client.lastUsedAt?.toISOString() ?? null,
    revokedAt: client.revokedAt?.toISOString() ?? null,
  }
}

export function presentToken(token: ConnectionToken): TokenView {
  const { id, connectionId, name, hint, userId, state, daysLeft } = token
  return {
    id,
    connectionId,
    name,
    hint,
    scopes: [...token.scopes],
    userId,
    state,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt?.toISOString() ?? null,
    daysLeft,
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  }
}
