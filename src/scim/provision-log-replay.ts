import { authorizeToken } from '../access/index.js'
import { brakedJournal, type Dialect, dialectOf, type LoggedCall } from '../connections/index.js'
import { tokenScopes } from '../contract/token.js'
import { explainConstraint, type Organization } from '../directory/index.js'
import { publicError } from '../http/door.js'
import type { Call, Endpoint, Reply } from '../http/endpoint.js'
import { type RecordedEvent, type RehearsalDeps, rehearse } from '../journal/index.js'
import type { Logger } from '../platform/log.js'
import type { ScimCaller } from './caller.js'
import { createCursors } from './cursor.js'
import { declaredEndpoints } from './declared-endpoints.js'
import { switchesOf } from './dialects/profiles.js'
import { scimEndpoints } from './endpoints.js'
import { renderError } from './errors.js'
import { organizationTypes } from './extensions.js'
import { describeCall } from './provision-log.js'
import { notingJournal, openNotes } from './provision-log-notes.js'
import { notReplayable, replayBody } from './provision-log-replay-body.js'
import { typesAt } from './provision-log-request.js'

/**
 * What a logged write would do today: the same endpoint, given what was understood then, on the present state and by the present
 * dialect of its connection, inside a transaction that is always undone.
 */

export type ReplayDeps = Omit<RehearsalDeps, 'explainConstraint'> & { readonly log: Logger; readonly publicUrl: string }

export type Replayed = {
  readonly status: number
  readonly line: string
  /** What the journal would record. */
  readonly events: readonly RecordedEvent[]
  /** The answer the provider would get. */
  readonly answer: Reply['body']
}

/** @throws AppError conflict `not_replayable` that says why */
export async function replayCall(deps: ReplayDeps, organization: Organization, logged: LoggedCall): Promise<Replayed> {
  const { db, clock, newId, log } = deps
  const { orgId, slug, schemaVersion } = organization
  const dialect = logged.connectionId === null ? undefined : await dialectOf(db, orgId, logged.connectionId)
  if (!dialect) throw notReplayable('Nobody known made this call, so nothing came of it that could be replayed.')
  const types = await organizationTypes(db)(orgId, schemaVersion)
  const body = replayBody(logged, typesAt(logged.path, { types })[0]?.schema.id ?? '')

  return rehearse({ db, clock, newId, explainConstraint }, async (stage) => {
    const noting = notingJournal(brakedJournal(stage.journal))
    const caller = playedBy(logged, dialect, { orgId, types, baseUrl: `${deps.publicUrl}/scim/v2/${slug}` }, noting.noteFor)
    // No write asks for a cursor.
    const cursors = createCursors({ secret: async () => Buffer.alloc(32), clock })
    const served = { db: stage.db, journal: noting.journal, cursors, newId, log, bodyLimitBytes: 0 }
    const endpoint = endpointFor(logged, [...scimEndpoints(served), ...declaredEndpoints(served)(caller)])
    const id = logged.path.split('/')[2] ?? ''
    const call: Call = {
      method: logged.method,
      path: logged.path,
      params: { org: slug, id },
      query: new URLSearchParams(),
      headers: {},
      requestId: newId(),
      ip: '',
      body,
    }
    const outcome = await endpoint.handle(caller, call).then(
      (reply) => ({ reply, refusal: undefined }),
      (error: unknown) => {
        const refusal = publicError(error, call.requestId)
        return { reply: renderError(refusal), refusal }
      },
    )
    const { line } = describeCall({ ...outcome, call, caller, route: logged.route, ms: 0 }).call
    const events = caller.notes.committed.flatMap((change) => change.events)
    return { status: outcome.reply.status, line, events, answer: outcome.reply.body }
  })
}

/** The connection of the call, with a token that may do everything. */
function playedBy(
  { connectionId, tokenId, route, target }: LoggedCall,
  { name, profile, switches }: Dialect,
  { orgId, types, baseUrl }: Pick<ScimCaller, 'types' | 'baseUrl'> & { orgId: string },
  noteFor: ReturnType<typeof notingJournal>['noteFor'],
): ScimCaller {
  const id = connectionId ?? ''
  const notes = openNotes(profile)
  const token = { kind: 'connection_token', id: tokenId ?? '', name: 'replay', scopes: tokenScopes } as const
  const connection = { id, name, status: 'active' } as const
  return {
    scope: { orgId, connectionId: id },
    connection: { orgId, id, name, requestsPerSecond: undefined, allowedFrom: [] },
    tokenId: token.id,
    userId: route.startsWith('scim.me.') ? (target?.id ?? undefined) : undefined,
    switches: switchesOf(profile, switches),
    baseUrl,
    types,
    allows: () => true,
    authority: (action, requestId) => noteFor(authorizeToken({ orgId, connection, token }, action, requestId), notes),
    notes,
  }
}

/** Types that an organization declares share the ids of their operations, so the address decides between them. */
function endpointFor({ route, path }: LoggedCall, endpoints: readonly Endpoint<ScimCaller>[]): Endpoint<ScimCaller> {
  const first = (address: string) => address.split('/')[1]
  const found = endpoints.find((endpoint) => endpoint.id === route && first(endpoint.path) === first(path))
  if (!found) throw notReplayable(`Nothing is served at ${path} today.`)
  return found
}
