import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { unavailable } from '../platform/errors.js'
import { isId } from '../platform/ids.js'
import type { JsonObject } from '../platform/json.js'
import { changedFields } from './changed-fields.js'
import { customResourceStore } from './custom-resource-store.js'
import type { CompiledOrder, CompiledPredicate } from './filter.js'
import type { CompiledWalk } from './keyset.js'
import type { CustomResource, Listed, Page, ResourceInput, Scope, TypeVersion } from './model.js'
import { resourceTypeStore } from './resource-type-store.js'
import { claimUniqueValues, releaseUniqueValues } from './unique-values.js'
import type { Walked } from './walk-store.js'

/** The only functions that create, change or remove resources of declared types. */

/** What an audit record compares. */
const attributesOf = ({ externalId, profile }: Pick<CustomResource, 'externalId' | 'profile'>): JsonObject => ({
  externalId,
  ...profile,
})

const targetOf = ({ id, externalId }: CustomResource) => ({ type: 'resource', id, name: externalId ?? undefined })

/** Keeps the type as the caller knows it until the change ends. What was read by an older schema must not be written by it. */
async function holdType(c: Change, type: TypeVersion): Promise<void> {
  if (await resourceTypeStore(c.trx).hold(c.orgId, type)) return
  const detail =
    'The resource type was changed at this very moment. Send the same request again; it is read by the new definition.'
  throw unavailable('resource_type_changed', detail, { retryAfter: 1 })
}

/** Creates a resource, with the id given where one is. @throws AppError conflict where externalId or a unique value is taken */
export async function createResource(
  c: Change,
  scope: Scope,
  type: TypeVersion,
  input: ResourceInput,
  id: string = c.newId(),
): Promise<CustomResource> {
  await holdType(c, type)
  const { unique, secrets: _, ...attributes } = input
  const resource: CustomResource = { ...attributes, id, version: 1, createdAt: c.now, updatedAt: c.now }
  await customResourceStore(c.trx, type.id).insert(scope, resource)
  if (unique) await claimUniqueValues(c, id, unique)
  c.record({ event: 'resource.created', target: targetOf(resource), changed: { resourceType: { after: type.name } } })
  return resource
}

/** Reads a resource for a change and keeps other writers off it until the change ends. Undefined where the scope sees no such one. */
export async function lockResource(c: Change, scope: Scope, type: TypeVersion, id: string): Promise<CustomResource | undefined> {
  await holdType(c, type)
  return isId(id) ? customResourceStore(c.trx, type.id).lock(scope, id) : undefined
}

/** Gives a locked resource new attributes; equal ones change nothing: no version, no event. */
export async function replaceResource(
  c: Change,
  scope: Scope,
  type: TypeVersion,
  before: CustomResource,
  input: ResourceInput,
): Promise<CustomResource> {
  const { unique, secrets, ...attributes } = input
  const fields = changedFields(attributesOf(before), attributesOf(attributes), secrets)
  if (Object.keys(fields).length === 0) return before
  const after: CustomResource = { ...before, ...attributes, version: before.version + 1, updatedAt: c.now }
  await customResourceStore(c.trx, type.id).update(scope, after)
  if (unique) await claimUniqueValues(c, after.id, unique)
  c.record({ event: 'resource.updated', target: targetOf(after), changed: fields })
  return after
}

/** Removes a resource for good: a tombstone stays, its unique values are free. False where the scope sees no such one. */
export async function deleteResource(c: Change, scope: Scope, type: TypeVersion, id: string): Promise<boolean> {
  const resource = await lockResource(c, scope, type, id)
  if (!resource) return false
  await releaseUniqueValues(c, id)
  await customResourceStore(c.trx, type.id).bury(scope, id, c.now)
  c.record({ event: 'resource.deleted', target: targetOf(resource) })
  return true
}

export async function findResource(db: Knex, scope: Scope, typeId: string, id: string): Promise<CustomResource | undefined> {
  return isId(id) ? customResourceStore(db, typeId).find(scope, id) : undefined
}

/** A page of the resources of a type that a scope sees, with the number of all that match. */
export function listResources(
  db: Knex,
  scope: Scope,
  typeId: string,
  asked: { readonly where: CompiledPredicate; readonly order: CompiledOrder; readonly page: Page },
): Promise<Listed<CustomResource>> {
  return customResourceStore(db, typeId).list(scope, asked.where, asked.order, asked.page)
}

/** A page of them from where a walk stands; nothing is counted. */
export function walkResources(
  db: Knex,
  scope: Scope,
  typeId: string,
  asked: { readonly where: CompiledPredicate; readonly walk: CompiledWalk; readonly limit: number },
): Promise<Walked<CustomResource>> {
  return customResourceStore(db, typeId).walk(scope, asked.where, asked.walk, asked.limit)
}
