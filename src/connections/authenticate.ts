import type { TokenCaller } from '../access/index.js'
import type { ProfileName } from '../contract/connection.js'
import type { TokenScope } from '../contract/token.js'
import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { JsonObject } from '../platform/json.js'
import type { PresentedToken } from '../platform/secrets.js'
import { tokenPrefix } from './tokens.js'

/** Who calls with a SCIM token: read anew at every request, so that revoking or pausing acts at once in every process. */
export type ConnectionCaller = TokenCaller & {
  readonly slug: string
  readonly schemaVersion: number
  readonly connection: TokenCaller['connection'] & {
    readonly profile: ProfileName
    /** Switches of the profile that this connection sets differently. */
    readonly switches: JsonObject
    readonly epoch: number
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
  epoch: number
  schema_version: number
  slug: string
}

const lookUp = `
  select t.id as token_id, t.name as token_name, t.scopes, t.user_id, c.id, c.name, c.profile, c.switches, c.status, c.epoch,
    o.schema_version, s.slug
  from connection_tokens t
  join connections c on c.org_id = t.org_id and c.id = t.connection_id
  join organizations o on o.org_id = t.org_id
  join organization_slugs s on s.org_id = t.org_id
  left join users u on u.org_id = t.org_id and u.id = t.user_id
  where t.org_id = $1 and t.hash = $2 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
    and (t.user_id is null
      or u.active and u.deleted_at is null and u.epoch = t.user_epoch and u.managed_by = t.connection_id)`

/** The caller a presented token stands for; undefined where it is unknown, expired, revoked or of another kind. */
export async function authenticateToken(db: Knex, presented: PresentedToken): Promise<ConnectionCaller | undefined> {
  if (presented.prefix !== tokenPrefix) return undefined
  const [row] = await prepared<Row>(db, 'authenticate-token', lookUp, [presented.orgId, presented.hash])
  if (!row) return undefined
  const { id, name, profile, switches, status, epoch } = row
  return {
    orgId: presented.orgId,
    slug: row.slug,
    schemaVersion: row.schema_version,
    connection: { id, name, profile, switches, status, epoch },
    token: { id: row.token_id, name: row.token_name, scopes: row.scopes },
    userId: row.user_id ?? undefined,
  }
}
