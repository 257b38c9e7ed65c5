import type { ProfileName } from '../../src/contract/connection.js'
import { publicError } from '../../src/http/door.js'
import type { Observation } from '../../src/http/endpoint.js'
import { AppError } from '../../src/platform/errors.js'
import type { Json } from '../../src/platform/json.js'
import { readBulk } from '../../src/scim/bulk-request.js'
import type { ScimCaller } from '../../src/scim/caller.js'
import { canonicalDocument, canonicalPatch } from '../../src/scim/dialects/canonical.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import { renderError } from '../../src/scim/errors.js'
import { resolveFilter } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { describeCall } from '../../src/scim/provision-log.js'
import { openNotes } from '../../src/scim/provision-log-notes.js'
import { typesAt } from '../../src/scim/provision-log-request.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'

/** Calls as the door sees them when they are answered, without a server: read by the engine, refused in its own words. */

export const secretSchema = defineSchema({
  id: 'urn:example:params:scim:schemas:secret:2.0:Thing',
  name: 'Secrets',
  description: '',
  attributes: [
    { name: 'badge' },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'hint', returned: 'never' },
    { name: 'seeds', multiValued: true, mutability: 'writeOnly', returned: 'never' },
    { name: 'safe', type: 'complex', subAttributes: [{ name: 'brand' }, { name: 'combination', returned: 'never' }] },
    {
      name: 'vault',
      type: 'complex',
      multiValued: true,
      mutability: 'writeOnly',
      returned: 'never',
      subAttributes: [{ name: 'value' }, { name: 'type' }],
    },
  ],
})

const userWithSecrets = withExtensions(userType, [{ schema: secretSchema, required: false }])
const groupWithSecrets = withExtensions(groupType, [{ schema: secretSchema, required: false }])

export type Asked = { readonly method: string; readonly path: string; readonly query?: string; readonly body?: Json }

function callerOf(profile: ProfileName): ScimCaller {
  return {
    scope: { orgId: 'o', connectionId: 'c' },
    connection: { orgId: 'o', id: 'c', name: 'idp', requestsPerSecond: undefined, allowedFrom: [] },
    tokenId: 't',
    userId: undefined,
    switches: profiles[profile],
    baseUrl: 'https://id.example.com/scim/v2/acme',
    types: { user: userWithSecrets, group: groupWithSecrets, declared: [] },
    allows: () => true,
    authority: () => {
      throw new Error('nothing is changed here')
    },
    notes: openNotes(profile),
  }
}

/** Lets the engine read what was asked, as an endpoint would; gives its refusal. */
function readBy(caller: ScimCaller, { method, path, query, body = null }: Asked): AppError | undefined {
  const [type = userWithSecrets] = typesAt(path, caller)
  try {
    const filter = new URLSearchParams(query).get('filter')
    if (filter !== null)
      resolveFilter(type, parseFilter(filter, { bareValues: caller.switches.bareFilterValues }), caller.switches)
    if (path === '/Bulk') readBulk(body)
    else if (path.endsWith('/.search')) {
      const asked = (body as { filter?: Json } | null)?.filter
      if (typeof asked === 'string') resolveFilter(type, parseFilter(asked, { bareValues: 'refuse' }), caller.switches)
    } else if (method === 'PATCH') caller.notes.understood = { type, plan: canonicalPatch(type, body, caller.switches) }
    else if (method !== 'GET') caller.notes.understood = { type, document: canonicalDocument(type, body, caller.switches) }
    return undefined
  } catch (error) {
    if (error instanceof AppError) return publicError(error, 'r')
    throw error
  }
}

/** What the provisioning log stores of a call. */
export function storedOf(asked: Asked, profile: ProfileName = 'generic') {
  const caller = callerOf(profile)
  const refusal = readBy(caller, asked)
  const reply = refusal ? renderError(refusal) : { status: 200, body: { Resources: [] } }
  const route = asked.path === '/Bulk' ? 'scim.bulk.run' : routeOf(asked)
  const seen: Observation<ScimCaller> & { caller: ScimCaller } = {
    call: {
      method: asked.method,
      path: asked.path,
      params: { org: 'acme', ...(asked.path.split('/')[2] && { id: asked.path.split('/')[2] ?? '' }) },
      query: new URLSearchParams(asked.query),
      headers: {},
      requestId: 'r',
      ip: '127.0.0.1',
      ...(asked.body !== undefined && { body: asked.body }),
    },
    caller,
    route,
    reply,
    refusal,
    ms: 1,
  }
  return describeCall(seen).call
}

function routeOf({ method, path }: Asked): string {
  const family = path.startsWith('/Groups') ? 'groups' : 'users'
  const operation = { GET: 'list', POST: path.endsWith('.search') ? 'search' : 'create', PUT: 'replace', PATCH: 'patch' }[method]
  return `scim.${family}.${operation}`
}
