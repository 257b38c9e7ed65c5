import type { Connection, ConnectionToken } from '../connections/index.js'
import type { ConnectionView } from '../contract/connection.js'
import type { OrganizationView } from '../contract/organization.js'
import type { ExtensionView } from '../contract/schema-extension.js'
import type { TokenView } from '../contract/token.js'
import type { Organization, SchemaExtension } from '../directory/index.js'

/** The nouns of the core as the operator sees them. */

export function presentOrganization(organization: Organization): OrganizationView {
  const { orgId, slug, name, createdAt } = organization
  return { id: orgId, slug, name, createdAt: createdAt.toISOString() }
}

/** `scimBaseUrl` is the address of the organization's SCIM door, the same for all its connections: the token tells them apart. */
export function presentConnection(connection: Connection, scimBaseUrl: string): ConnectionView {
  const { id, kind, name, profile, status, createdAt } = connection
  return { id, kind, name, profile, status, scimBaseUrl, createdAt: createdAt.toISOString() }
}

export function presentToken(token: ConnectionToken): TokenView {
  const { id, connectionId, name, hint, userId, state } = token
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
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  }
}

export function presentExtension(extension: SchemaExtension): ExtensionView {
  const { urn, resourceType, name, description, required } = extension
  return { urn, resourceType, name, description, required, attributes: [...extension.attributes] }
}
