import type { Change } from '../journal/index.js'
import type { Json, JsonObject } from '../platform/json.js'
import { type Bearer, tableOf } from './bearer.js'
import { bearerStore, type StoredDocument } from './bearer-store.js'
import { changedFields } from './changed-fields.js'
import type { Keys } from './predicate.js'
import type { Difference, SchemaEdit } from './schema-differences.js'
import { secretKeys } from './secrets.js'

/** Takes data that a new definition has no room for out of the documents: new versions, events and history as by any other change. */

const chunk = 500

/** Documents of one bearer that lose something: what, by id. */
type Losses = { readonly bearer: Bearer; readonly keysOf: Map<string, Keys[]> }

export async function dropMisfits(
  c: Change,
  judged: readonly (Difference & { readonly resources: number })[],
  edits: readonly SchemaEdit[],
): Promise<void> {
  const losses = new Map<string, Losses>()
  for (const { misfit, effect, resources, bearers } of judged) {
    if (!misfit || !('keys' in misfit) || effect !== 'dropped' || resources === 0) continue
    for (const { id, place } of await bearerStore(c.trx, c.orgId).misfits(bearers, misfit)) {
      const bearer = bearers[place]
      if (!bearer) continue
      const loss = losses.get(bearer.type) ?? { bearer, keysOf: new Map() }
      losses.set(bearer.type, loss)
      loss.keysOf.set(id, [...(loss.keysOf.get(id) ?? []), misfit.keys])
    }
  }
  for (const { bearer, keysOf } of losses.values()) {
    const ids = [...keysOf.keys()].sort()
    const secrets = edits.filter((edit) => edit.bearers.some(({ type }) => type === bearer.type)).flatMap(secretsOf)
    for (let at = 0; at < ids.length; at += chunk) await dropFrom(c, bearer, ids.slice(at, at + chunk), { keysOf, secrets })
  }
}

async function dropFrom(
  c: Change,
  bearer: Bearer,
  ids: readonly string[],
  { keysOf, secrets }: { readonly keysOf: Losses['keysOf']; readonly secrets: readonly Keys[] },
): Promise<void> {
  const store = bearerStore(c.trx, c.orgId)
  const before = await store.lock(bearer, ids)
  const after = before.map(
    (document): StoredDocument => ({
      ...document,
      profile: (keysOf.get(document.id) ?? []).reduce(without, document.profile),
    }),
  )
  await store.rewrite(bearer, after, c.now)
  const userIds = before.map(({ id }) => id)
  if (bearer.type === 'User') await store.reopenStates(userIds, { states: userIds.map(() => c.newId()), change: c.id })
  const type = tableOf(bearer).target
  for (const [index, { id, name, profile }] of before.entries()) {
    const changed = changedFields(profile, after[index]?.profile ?? {}, secrets)
    c.record({ event: events[type], target: { type, id, name: name ?? undefined }, changed })
  }
}

const events = { user: 'user.updated', group: 'group.updated', resource: 'resource.updated' } as const

/** The document without what lies at the keys, through lists; what is left empty by it goes, too (RFC 7643 §2.5). */
function without(document: JsonObject, [key, ...rest]: Keys): JsonObject {
  const value = key === undefined ? undefined : document[key]
  if (key === undefined || value === undefined) return document
  const { [key]: _, ...others } = document
  const left = rest.length === 0 ? undefined : inside(value, rest)
  return left === undefined ? others : { ...others, [key]: left }
}

function inside(value: Json, keys: Keys): Json | undefined {
  if (Array.isArray(value)) {
    const elements = value.map((element) => inside(element, keys)).filter((element) => element !== undefined)
    return elements.length === 0 ? undefined : elements
  }
  if (typeof value !== 'object' || value === null) return value
  const left = without(value, keys)
  return Object.keys(left).length === 0 ? undefined : left
}

/** Where documents hold secrets by the old definition or the new one. */
const secretsOf = ({ under, before = [], after = [] }: SchemaEdit): Keys[] => [
  ...secretKeys(before, under),
  ...secretKeys(after, under),
]
