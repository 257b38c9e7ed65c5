import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { Json } from '../platform/json.js'
import type { LoggedCall, LoggedEvent, LoggedLine, NewCall } from './provisioning-log.js'

type LineRow = {
  org_id: string
  id: string
  at: Date
  request_id: string
  method: string
  route: string
  path: string
  connection_id: string | null
  token_id: string | null
  target_type: string | null
  target_id: string | null
  target_name: string | null
  status: number
  scim_type: string | null
  ms: number
  profile: string | null
  user_agent: string | null
  line: string
}

type CallRow = LineRow & { request: Json; understood: Json; response: Json; change_ids: string[]; event_count: number }

type EventRow = {
  id: string
  event: string
  target_type: string
  target_id: string
  target_name: string | null
  changed: LoggedEvent['changed']
  added: number
  removed: number
}

const lineColumns =
  'id, at, request_id, method, route, path, connection_id, token_id, target_type, target_id, target_name, status, scim_type, ms, profile, user_agent, line'
const bodyColumns = 'request, understood, response, change_ids, event_count'

const insertSql = `
  insert into provisioning_log (org_id, ${lineColumns}, ${bodyColumns})
  select $1, ${lineColumns}, ${bodyColumns}
  from json_to_recordset($2::json) as r (id uuid, at timestamptz, request_id text, method text, route text, path text,
    connection_id uuid, token_id uuid, target_type text, target_id text, target_name text, status int, scim_type text, ms real,
    profile text, user_agent text, line text, request json, understood json, response json, change_ids uuid[], event_count int)`

const purgeSql = `
  delete from provisioning_log
  where org_id = $1 and id in (select id from provisioning_log where org_id = $1 and id < $2 order by id limit $3)
  returning id`

// The events of a change lie side by side and end at its seq, so the look-up needs no index beside those the journal has.
const eventsSql = `
  select a.id, a.event, a.target_type, a.target_id, a.target_name, a.changed, l.added, l.removed
  from changes c
  join audit_events a on a.org_id = c.org_id and a.change_id = c.id and a.seq <= c.seq and a.seq > c.seq - $3
  cross join lateral (
    select coalesce(sum(jsonb_array_length(p.added)), 0)::int as added, coalesce(sum(jsonb_array_length(p.removed)), 0)::int as removed
    from audit_lists p where p.org_id = $1 and p.audit_event_id = a.id
  ) l
  where c.org_id = $1 and c.id = any($2) order by a.seq`

const toRow = (call: NewCall) => ({
  id: call.id,
  at: call.at.toISOString(),
  request_id: call.requestId,
  method: call.method,
  route: call.route,
  path: call.path,
  connection_id: call.connectionId,
  token_id: call.tokenId,
  target_type: call.target?.type ?? null,
  target_id: call.target?.id ?? null,
  target_name: call.target?.name ?? null,
  status: call.status,
  scim_type: call.scimType,
  ms: call.ms,
  profile: call.profile,
  user_agent: call.userAgent,
  line: call.line,
  request: call.request,
  understood: call.understood,
  response: call.response,
  change_ids: call.changes,
  event_count: call.events,
})

const toLine = (row: LineRow): LoggedLine => ({
  orgId: row.org_id,
  id: row.id,
  at: row.at,
  requestId: row.request_id,
  method: row.method,
  route: row.route,
  path: row.path,
  connectionId: row.connection_id,
  tokenId: row.token_id,
  target: row.target_type === null ? null : { type: row.target_type, id: row.target_id, name: row.target_name },
  status: row.status,
  scimType: row.scim_type,
  ms: row.ms,
  profile: row.profile,
  userAgent: row.user_agent,
  line: row.line,
})

export type LineQuery = {
  readonly connectionId?: string | undefined
  readonly only?: 'failures' | undefined
  /** Lines of this id and later ones. */
  readonly from?: string | undefined
  readonly limit: number
}

export function provisioningLogStore(db: Knex) {
  return {
    insert: async (orgId: string, calls: readonly NewCall[]): Promise<void> => {
      await prepared(db, 'provisioning-log-insert', insertSql, [orgId, JSON.stringify(calls.map(toRow))])
    },

    /** The newest lines of these organizations, the newest first. */
    newest: async (orgIds: readonly string[], query: LineQuery): Promise<LoggedLine[]> => {
      const { connectionId, only, from, limit } = query
      const asked = db('provisioning_log')
        .whereIn('org_id', [...orgIds])
        .select<LineRow[]>(['org_id', ...lineColumns.split(', ')])
        .orderBy('id', 'desc')
        .limit(limit)
      if (connectionId !== undefined) asked.where({ connection_id: connectionId })
      if (only === 'failures') asked.where('status', '>=', 400)
      if (from !== undefined) asked.where('id', '>=', from)
      return (await asked).map(toLine)
    },

    find: async (orgIds: readonly string[], id: string): Promise<(LoggedCall & { events: LoggedEvent[] }) | undefined> => {
      const [row] = await db('provisioning_log')
        .whereIn('org_id', [...orgIds])
        .where({ id })
        .select<CallRow[]>(['org_id', ...lineColumns.split(', '), ...bodyColumns.split(', ')])
      if (!row) return undefined
      const { request, understood, response } = row
      const found = await prepared<EventRow>(db, 'provisioning-log-events', eventsSql, [
        row.org_id,
        row.change_ids,
        row.event_count,
      ])
      const events = found.map(({ target_type: type, target_id: id, target_name: name, ...event }) => ({
        ...event,
        target: { type, id, name },
      }))
      return { ...toLine(row), request, understood, response, events }
    },

    /** Forgets the oldest lines before an id, at most `limit`; returns how many. */
    purge: async (orgId: string, before: string, limit: number): Promise<number> => {
      const gone = await prepared(db, 'provisioning-log-purge', purgeSql, [orgId, before, limit])
      return gone.length
    },
  }
}
