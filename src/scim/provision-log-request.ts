import type { ResourceType } from '../contract/attribute-definition.js'
import type { CallRequest } from '../http/endpoint.js'
import type { Json, JsonObject } from '../platform/json.js'
import { resolveAttribute } from './attributes.js'
import type { ScimCaller } from './caller.js'
import type { Switches } from './dialects/switches.js'
import { typesIn } from './extensions.js'
import { isObject } from './keys.js'
import { keepFilter } from './provision-log-filter.js'
import { redactPatch, redactResource, redactSchemas } from './provision-log-redact.js'
import { keepEntries, keepList, openRedaction, type Redaction, withhold } from './provision-log-redaction.js'

/** A request as the provisioning log keeps it: query and body, each redacted by what it is about. */

export type SeenCall = CallRequest & { readonly body?: unknown }

/** Characters that are stored of one body. */
export const mostOfBody = 64 * 1024
const mostNames = 100

/** The types a path below the base is about; all of them where it names none. */
export function typesAt(path: string, { types }: Pick<ScimCaller, 'types'>): readonly ResourceType[] {
  if (path === '/Me') return [types.user]
  const all = typesIn(types)
  const named = all.find(({ endpoint }) => path === endpoint || path.startsWith(`${endpoint}/`))
  return named ? [named] : all
}

/** `{ query?, body?, cut?, gaps? }`, or null where there is nothing; with the redaction that made it. */
export function redactRequest(call: SeenCall, caller: ScimCaller): { request: JsonObject | null; redaction: Redaction } {
  const redaction = openRedaction(mostOfBody)
  if (call.query.size === 0 && call.body === undefined) return { request: null, redaction }
  const types = typesAt(call.path, caller)
  const query = call.query.size > 0 && redactQuery(Object.fromEntries(call.query), types, caller.switches, redaction)
  const body = call.body !== undefined && redactBody(call, caller, redaction)
  const request = { ...(query !== false && { query }), ...(body !== false && { body }), ...remarks(redaction) }
  return { request, redaction }
}

/** What is to be said beside a redacted value: that it was cut, and which secrets are missing in it. */
export function remarks({ cut, gaps }: Redaction): JsonObject {
  return { ...(cut && { cut }), ...(gaps.size > 0 && { gaps: [...gaps] }) }
}

function redactBody(call: SeenCall, caller: ScimCaller, redaction: Redaction): Json {
  const body = call.body as Json
  if (call.path.endsWith('/.search')) return redactQuery(body, typesAt(call.path, caller), caller.switches, redaction)
  if (call.path === '/Bulk') return redactBulk(body, caller, redaction)
  return redactData(call.method, call.path, body, caller, redaction)
}

function redactData(method: string, path: string, data: Json, caller: ScimCaller, redaction: Redaction): Json {
  const [type, ...others] = typesAt(path, caller)
  if (!type || others.length > 0) return withhold(data, redaction)
  return method === 'PATCH' ? redactPatch(type, data, caller.switches, redaction) : redactResource(type, data, redaction)
}

/** Parameters of a query, in the address or in the body of a search. */
function redactQuery(query: Json, types: readonly ResourceType[], switches: Switches, redaction: Redaction): Json {
  if (!isObject(query)) return withhold(query, redaction)
  const isAttribute = (name: string) => types.some((type) => resolveAttribute(type, name.trim()))
  const keepNames = (text: string): string =>
    text
      .split(',', mostNames)
      .map((name) => (isAttribute(name) ? name : withhold(name, redaction)))
      .join()
  return keepEntries(query, redaction, (key, value) => {
    if (key.toLowerCase() === 'schemas') return redactSchemas(value, redaction)
    const text = Array.isArray(value) ? value.join() : String(value ?? '')
    switch (key.toLowerCase()) {
      case 'filter':
        return keepFilter(text, types, switches, redaction)
      case 'sortby':
      case 'attributes':
      case 'excludedattributes':
        return keepNames(text)
      case 'sortorder':
        return /^(ascending|descending)$/i.test(text) ? text : withhold(value, redaction)
      case 'startindex':
      case 'count':
        return /^[+-]?\d{1,15}$/.test(text) ? value : withhold(value, redaction)
      default:
        return withhold(value, redaction)
    }
  })
}

function redactBulk(body: Json, caller: ScimCaller, redaction: Redaction): Json {
  if (!isObject(body)) return withhold(body, redaction)
  return keepEntries(body, redaction, (key, value) => {
    switch (key.toLowerCase()) {
      case 'schemas':
        return redactSchemas(value, redaction)
      case 'failonerrors':
        return typeof value === 'number' ? value : withhold(value, redaction)
      case 'operations':
        if (Array.isArray(value)) return keepList(value, redaction, (one) => redactBulkOperation(one, caller, redaction))
        return withhold(value, redaction)
      default:
        return withhold(value, redaction)
    }
  })
}

/** What may stand in the envelope of a bulk operation, by its name in lower case. */
const envelope: ReadonlyMap<string, RegExp> = new Map([
  ['method', /^(get|head|post|put|patch|delete)$/i],
  ['path', /^[\w/:.%-]{1,300}$/],
  ['bulkid', /^[\w:.-]{1,100}$/],
  ['version', /^(W\/)?"\d{1,10}(\.[\w-]{1,64})?"$/],
])

function redactBulkOperation(operation: Json, caller: ScimCaller, redaction: Redaction): Json {
  if (!isObject(operation)) return withhold(operation, redaction)
  const members = new Map(Object.entries(operation).map(([key, value]) => [key.toLowerCase(), value]))
  const method = String(members.get('method')).toUpperCase()
  const path = String(members.get('path')).replace(caller.baseUrl, '')
  return keepEntries(operation, redaction, (key, value) => {
    const shape = envelope.get(key.toLowerCase())
    if (shape) return typeof value === 'string' && shape.test(value) ? value : withhold(value, redaction)
    return key.toLowerCase() === 'data' ? redactData(method, path, value, caller, redaction) : withhold(value, redaction)
  })
}
