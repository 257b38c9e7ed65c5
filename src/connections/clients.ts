import type { TokenScope } from '../contract/token.js'
import type { Scope } from '../directory/index.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { conflict, notFound } from '../platform/errors.js'
import { mintToken } from '../platform/secrets.js'
import { clientStore } from './client-store.js'
import { lockConnection } from './connections.js'
import type { ConnectionClient } from './model.js'

/**
 * OAuth 2.0 clients of SCIM connections (RFC 6749 §4.4): an id and a secret that draws short-lived access tokens. Two may live at a time,
 * so that a provider can be moved from one to the next without a gap.
 */

export const clientSecretPrefix = 'ghc'
export const accessTokenPrefix = 'gha'

/** How long an access token works, in seconds. */
export const accessTokenSeconds = 3600

const mostLive = 2

/** Access tokens of one client that work side by side; the next ends the oldest. */
const mostAccessTokens = 100

const targetOf = (client: ConnectionClient) => ({ type: 'connection_client', id: client.id, name: client.name })

/** Makes a client. @throws AppError not_found; conflict `too_many_clients` */
export async function createClient(
  c: Change,
  connectionId: string,
  input: { name: string; scopes: readonly TokenScope[] },
): Promise<{ secret: string; client: ConnectionClient }> {
  await lockConnection(c, connectionId)
  const live = (await clientStore(c.trx).list(c.orgId, connectionId)).filter((client) => client.state === 'live')
  if (live.length >= mostLive) {
    const named = live.map((client) => `"${client.name}" (id ${client.id})`).join(' and ')
    throw conflict('too_many_clients', `The connection already has ${mostLive} live clients: ${named}. Revoke one of them first.`)
  }
  const { token: secret, hash, hint } = mintToken(clientSecretPrefix, c.orgId)
  const client: ConnectionClient = {
    id: c.newId(),
    connectionId,
    name: input.name,
    hint,
    scopes: input.scopes,
    state: 'live',
    createdAt: c.now,
    lastUsedAt: null,
    revokedAt: null,
  }
  await clientStore(c.trx).insert(c.orgId, client, hash)
  c.record({
    event: 'connection_client.created',
    target: targetOf(client),
    changed: { connection: { after: connectionId }, hint: { after: hint }, scopes: { after: [...input.scopes] } },
  })
  return { secret, client }
}

/** Ends a client; the next request with one of its access tokens is refused. A revoked one stays as it is. @throws AppError not_found */
export async function revokeClient(c: Change, connectionId: string, clientId: string): Promise<ConnectionClient> {
  await lockConnection(c, connectionId)
  const client = await clientStore(c.trx).find(c.orgId, connectionId, clientId)
  if (!client) throw notFound('client_not_found', 'The connection has no such client.')
  if (client.state === 'revoked') return client
  await clientStore(c.trx).revoke(c.orgId, client.id, c.now)
  c.record({
    event: 'connection_client.revoked',
    target: targetOf(client),
    changed: { state: { before: 'live', after: 'revoked' } },
  })
  return { ...client, state: 'revoked', revokedAt: c.now }
}

/** In order of creation, revoked ones included. */
export function listClients(db: Knex, orgId: string, connectionId: string): Promise<ConnectionClient[]> {
  return clientStore(db).list(orgId, connectionId)
}

/** Whether the connection has a client that works. */
export async function hasLiveClient(db: Knex, { orgId, connectionId }: Scope): Promise<boolean> {
  return (await listClients(db, orgId, connectionId)).some((client) => client.state === 'live')
}

/** Draws an access token of a client that has shown its secret. Nothing to journal: it gives nothing the client did not have. */
export async function drawAccessToken(c: Change, clientId: string, scopes: readonly TokenScope[]): Promise<string> {
  const { token, hash } = mintToken(accessTokenPrefix, c.orgId)
  const drawn = { id: c.newId(), hash, scopes, seconds: accessTokenSeconds, most: mostAccessTokens }
  await clientStore(c.trx).addAccessToken(c.orgId, clientId, drawn)
  return token
}
