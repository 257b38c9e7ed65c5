import type { NewCall, ProvisioningLog } from '../connections/index.js'
import type { ResourceType } from '../contract/attribute-definition.js'
import type { Observation } from '../http/endpoint.js'
import type { Clock } from '../platform/clock.js'
import type { NewId } from '../platform/ids.js'
import type { Json, JsonObject } from '../platform/json.js'
import { readToken } from '../platform/secrets.js'
import type { ScimCaller } from './caller.js'
import { errorBody } from './errors.js'
import { isObject, matchName } from './keys.js'
import { lineOf, type Story, type Subject } from './provision-log-line.js'
import { notStored, type Redaction } from './provision-log-redaction.js'
import { mostOfBody, redactRequest, typesAt } from './provision-log-request.js'
import { tell, withoutRepeats } from './provision-log-text.js'
import { recountUnderstood } from './provision-log-understood.js'

/** Every answered call of the SCIM door becomes a line of the provisioning log, with what lies behind it. */

type Seen = Observation<ScimCaller>
type Known = Seen & { readonly caller: ScimCaller }

export type ObserverDeps = { readonly provisioningLog: ProvisioningLog; readonly clock: Clock; readonly newId: NewId }

export function provisioningObserver({ provisioningLog, clock, newId }: ObserverDeps): (seen: Seen) => void {
  return (seen) => {
    const stamp = { id: newId(), at: new Date(clock().getTime() - seen.ms) }
    const { caller } = seen
    if (!caller) {
      const slug = seen.call.params.org
      // On an address that names no organization there is nobody to tell but the server's own log.
      if (slug !== undefined) provisioningLog.noteStranger({ slug, presented: presentedIn(seen), call: bare(seen, stamp) })
      return
    }
    const { orgId, connectionId } = caller.scope
    try {
      const { call, bodyChars } = describeCall({ ...seen, caller })
      provisioningLog.note(orgId, { ...bare(seen, stamp), ...call }, bodyChars)
    } catch (error) {
      // A call that defies description is a fault of ours; that it was made is told all the same.
      provisioningLog.note(orgId, { ...bare(seen, stamp), connectionId, tokenId: caller.tokenId }, 0)
      throw error
    }
  }
}

function presentedIn({ call }: Seen) {
  const [, token] = /^bearer +(.+)$/i.exec(call.headers.authorization ?? '') ?? []
  return token === undefined ? 'none' : (readToken(token.trim()) ?? 'malformed')
}

const unknownStory = { route: 'none', subject: undefined, events: [], filter: undefined, found: '', bulk: [] } as const

/** What is known of any call, whoever made it. */
function bare({ call, route, reply, refusal, ms }: Seen, stamp: Pick<NewCall, 'id' | 'at'>): NewCall {
  return {
    ...stamp,
    requestId: call.requestId,
    method: tell(call.method, 20),
    route,
    path: tell(call.path, 300),
    connectionId: null,
    tokenId: null,
    target: null,
    status: reply.status,
    scimType: null,
    ms: Math.round(ms * 10) / 10,
    profile: null,
    userAgent: call.headers['user-agent'] === undefined ? null : tell(call.headers['user-agent']),
    line: refusal
      ? lineOf({ ...unknownStory, method: call.method, path: call.path, status: reply.status, refusal })
      : `answered ${reply.status}`,
    request: null,
    understood: null,
    response: null,
    changes: [],
    events: 0,
  }
}

/** What is known because the caller is: the line, the bodies, what changed. `bodyChars` is about the room the bodies take. */
export function describeCall(seen: Known): { call: Partial<NewCall> & Pick<NewCall, 'line'>; bodyChars: number } {
  const { call, caller, route, reply, refusal } = seen
  const { notes, scope, tokenId } = caller
  const { request, redaction } = redactRequest(call, caller)
  const understood = recountUnderstood(route === 'scim.bulk.run' ? undefined : notes.understood)
  const tellable = (text: string): string => tellDetail(text, redaction)
  const told = refusal && { code: refusal.code, detail: detailOf(refusal, tellable) }
  const error = refusal && (errorBody(refusal) as JsonObject)
  const bulk = outcomesOf(reply.body, tellable)
  const failedInBulk = bulk.filter(({ status }) => Number(status) >= 400)
  const subject = subjectOf(seen)
  const events = notes.committed.flatMap((change) => change.events)
  return {
    call: {
      connectionId: scope.connectionId,
      tokenId,
      profile: notes.profile,
      target: subject ? { ...subject, name: subject.name === null ? null : tell(subject.name) } : null,
      scimType: typeof error?.scimType === 'string' ? error.scimType : null,
      line: lineOf(storyOf(seen, { subject, refusal: told, bulk, filter: redaction.filter })),
      request,
      understood: understood.value,
      response: error ? { ...error, detail: told?.detail ?? '' } : failedInBulk.length > 0 ? { Operations: failedInBulk } : null,
      changes: notes.committed.map(({ id }) => id),
      events: events.length,
    },
    bodyChars: 2 * mostOfBody - redaction.room - understood.room,
  }
}

function storyOf(seen: Known, told: Pick<Story, 'subject' | 'refusal' | 'bulk' | 'filter'>): Story {
  const { call, caller, route, reply } = seen
  return {
    ...told,
    method: call.method,
    route,
    path: call.path,
    status: reply.status,
    events: caller.notes.committed.flatMap(({ events }) => events),
    found: foundIn(reply.body),
  }
}

const objectOf = (body: unknown): JsonObject => (isObject(body as Json) ? (body as JsonObject) : {})

function foundIn(body: unknown): string {
  const { totalResults, Resources: shown = [] } = objectOf(body)
  return totalResults === undefined ? `${Array.isArray(shown) ? shown.length : 0} on this page` : String(totalResults)
}

/** The resource a call is about, as far as answer, changes, body or address tell. */
function subjectOf({ call, caller, route, reply }: Known): Subject | undefined {
  const [type, ...others] = typesAt(call.path, caller)
  if (!type || others.length > 0 || /\.(list|search)$/.test(route) || route === 'none') return undefined
  const { before, understood, committed } = caller.notes
  const shown = reply.status < 300 ? objectOf(reply.body) : {}
  const sent = understood && 'document' in understood ? understood.document : objectOf(call.body)
  const target = committed[0]?.events[0]?.target
  const nameSent = call.method === 'POST' ? nameIn(type, sent) : undefined
  const name = nameIn(type, shown) ?? target?.name ?? nameIn(type, before ?? {}) ?? nameSent
  const own = call.path === '/Me' ? caller.userId : call.params.id
  const id = own ?? target?.id ?? (typeof shown.id === 'string' ? shown.id : null)
  return { type: type.name, id: id === null ? null : tell(id, 100), name: name ?? null }
}

/** What resources are called by; the first that the type has. */
const nameAttributes = ['userName', 'displayName']

/** The name in a document, in whatever case a client spelled the attribute. Text that is JSON names nobody. */
function nameIn(type: ResourceType, document: JsonObject): string | undefined {
  const attribute = nameAttributes.find((name) => matchName(type.schema.attributes, name))
  if (attribute === undefined) return undefined
  const key = Object.hasOwn(document, attribute)
    ? attribute
    : Object.keys(document).find((one) => one.toLowerCase() === attribute.toLowerCase())
  const value = key === undefined ? undefined : document[key]
  return typeof value === 'string' && /^\s*[^\s{[]/.test(value) ? value : undefined
}

type Outcome = Story['bulk'][number] & { readonly method: string; readonly bulkId?: string }

/** What a bulk response says of each operation. */
function outcomesOf(body: unknown, tellable: (text: string) => string): Outcome[] {
  const { Operations: operations = [] } = objectOf(body)
  return (Array.isArray(operations) ? operations : []).filter(isObject).map(({ status, method, bulkId, response = null }) => ({
    method: String(method),
    ...(typeof bulkId === 'string' && { bulkId: tellable(bulkId) }),
    status: String(status),
    detail: isObject(response) ? tellable(String(response.detail)) : '',
  }))
}

/** Codes whose sentences repeat nothing of a body but ids. */
const ownWords = new Set([
  'unknown_member',
  'resource_not_found',
  'scope_missing',
  'connection_paused',
  'connection_braked',
  'wipe_rejected',
  'too_many_requests',
  'address_not_allowed',
  'token_of_nobody',
])

function detailOf({ code, detail }: NonNullable<Seen['refusal']>, tellable: (text: string) => string): string {
  return ownWords.has(code) ? tell(detail, 1_000) : tellable(detail)
}

/** A sentence about the request, without what was kept out of the request itself. */
function tellDetail(text: string, { unseen, withheld }: Redaction): string {
  if (unseen) return 'The sentence is not stored: the request is too long to say whether it repeats a secret of it.'
  return tell(withoutRepeats(text, withheld, notStored), 1_000)
}
