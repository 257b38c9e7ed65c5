import type { TokenCaller } from '../access/index.js'
import type { ProfileName } from '../contract/connection.js'
import type { TokenScope } from '../contract/token.js'
import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import { isId } from '../platform/ids.js'
import type { JsonObject } from '../platform/json.js'
import type { PresentedToken } from '../platform/secrets.js'
import { accessTokenPrefix, clientSecretPrefix } from './clients.js'
import { tokenPrefix } from './tokens.js'

/** Who calls for a SCIM connection: read anew at every request, so that revoking or pausing acts at once in every process. */
export type ConnectionCaller = TokenCaller & {
  readonly slug: string
  readonly schemaVersion: number
  readonly connection: TokenCaller['connection'] & {
    readonly profile: ProfileName
    /** Switches of the profile that this connection sets differently. */
    readonly switches: JsonObject
    readonly epoch: number
    readonly requestsPerSecond: number | undefined
    readonly allowedFrom: readonly string[]
  }
  readonly token: TokenCaller['token'] & { readonly scopes: readonly TokenScope[] }
  /** The user the token stands for, if for one. */
  readonly userId: string | undefined
}

type Row = {
  token_id: string
  token_name: string
  scopes: TokenScope[]
  user_id: string | null
  id: string
  name: string
  profile: ProfileName
  switches: JsonObject
  status: 'active' | 'paused'
  pause_reason: string | null
  epoch: number
  requests_per_second: number | null
  allowed_from: string[]
  schema_version: number
  slug: string
}

const callerColumns = `c.id, c.name, c.profile, c.switches, c.status, c.pause_reason, c.epoch, c.requests_per_second, c.allowed_from,
    o.schema_version, s.slug`

const callerTables = (of: string) => `
  join connections c on c.org_id = ${of}.org_id and c.id = ${of}.connection_id
  join organizations o on o.org_id = ${of}.org_id
  join organization_slugs s on s.org_id = ${of}.org_id`

const tokenSql = `
  select t.id as token_id, t.name as token_name, t.scopes, t.user_id, ${callerColumns}
  from connection_tokens t ${callerTables('t')}
  left join users u on u.org_id = t.org_id and u.id = t.user_id
  where t.org_id = $1 and t.hash = $2 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
    and (t.user_id is null
      or u.active and u.deleted_at is null and u.epoch = t.user_epoch and u.managed_by = t.connection_id)`

// What a client drew acts in the client's name, which outlives every access token.
const accessTokenSql = `
  select k.id as token_id, k.name as token_name, a.scopes, null::uuid as user_id, ${callerColumns}
  from connection_access_tokens a join connection_clients k on k.org_id = a.org_id and k.id = a.client_id ${callerTables('k')}
  where a.org_id = $1 and a.hash = $2 and a.expires_at > now() and k.revoked_at is null`

const clientSql = `
  select k.id as token_id, k.name as token_name, k.scopes, null::uuid as user_id, ${callerColumns}
  from connection_clients k ${callerTables('k')}
  where k.org_id = $1 and k.hash = $2 and k.id = $3 and k.revoked_at is null`

const toCaller = (orgId: string, row: Row, kind: TokenCaller['token']['kind']): ConnectionCaller => {
  const { id, name, profile, switches, status, epoch } = row
  return {
    orgId,
    slug: row.slug,
    schemaVersion: row.schema_version,
    connection: {
      id,
      name,
      profile,
      switches,
      status,
      pauseReason: row.pause_reason ?? undefined,
      epoch,
      requestsPerSecond: row.requests_per_second ?? undefined,
      allowedFrom: row.allowed_from,
    },
    token: { kind, id: row.token_id, name: row.token_name, scopes: row.scopes },
    userId: row.user_id ?? undefined,
  }
}

/** The caller a presented token stands for; undefined where it is unknown, expired, revoked or of another kind. */
export async function authenticateToken(db: Knex, presented: PresentedToken): Promise<ConnectionCaller | undefined> {
  const { prefix, orgId, hash } = presented
  if (prefix === tokenPrefix) {
    const [row] = await prepared<Row>(db, 'authenticate-token', tokenSql, [orgId, hash])
    return row && toCaller(orgId, row, 'connection_token')
  }
  if (prefix !== accessTokenPrefix) return undefined
  const [row] = await prepared<Row>(db, 'authenticate-access-token', accessTokenSql, [orgId, hash])
  return row && toCaller(orgId, row, 'connection_client')
}

/** The caller an OAuth 2.0 client is, by its id and its secret; undefined where they do not belong together or it was revoked. */
export async function authenticateClient(
  db: Knex,
  clientId: string,
  presented: PresentedToken,
): Promise<ConnectionCaller | undefined> {
  if (presented.prefix !== clientSecretPrefix || !isId(clientId)) return undefined
  const { orgId, hash } = presented
  const [row] = await prepared<Row>(db, 'authenticate-client', clientSql, [orgId, hash, clientId])
  return row && toCaller(orgId, row, 'connection_client')
}
