import { isDeepStrictEqual } from 'node:util'
import type { OnLoss } from '../contract/schema.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { conflict, notFound } from '../platform/errors.js'
import { customResourceStore } from './custom-resource-store.js'
import type { DeclaredType, ExtensionInput, SchemaExtension } from './model.js'
import { organizationStore } from './organization-store.js'
import { resourceTypeStore } from './resource-type-store.js'
import type { Difference } from './schema-differences.js'
import { schemaExtensionStore } from './schema-extension-store.js'
import { carryOut, type Defined, differencesAsChange, lockSchemas } from './schema-extensions.js'
import { bearerOf, type Known, planExtension, planRemoval, proseOf, type SchemaPlan, urnTaken } from './schema-plan.js'

/** Resource types that an organization declares: RFC 7643 §6. Found by name, compared without case. */

export type ResourceTypeInput = Omit<DeclaredType, 'id' | 'version'> & {
  /** All extensions of the type; undefined leaves those it has. */
  readonly extensions?: readonly Omit<ExtensionInput, 'resourceType'>[] | undefined
}

export type ResourceTypeWithExtensions = { readonly type: DeclaredType; readonly extensions: readonly SchemaExtension[] }

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * Declares a type, or changes the one of that name; the same definition again changes nothing.
 * @throws AppError conflict `data_would_not_fit`, `urn_taken`, `endpoint_taken`, `urn_fixed`, `extension_differs`
 */
export async function defineResourceType(
  c: Change,
  input: ResourceTypeInput,
  onLoss: OnLoss = 'refuse',
): Promise<Defined<ResourceTypeWithExtensions>> {
  const known = await lockSchemas(c)
  const before = known.types.find(({ name }) => same(name, input.name))
  const { extensions, ...declared } = input
  const type: DeclaredType = before
    ? { ...before, ...declared, name: before.name, schema: { ...declared.schema, urn: before.schema.urn } }
    : { ...declared, id: c.newId(), version: 1 }
  checkUrn(known, input, before)
  const plans = [...planCore(type, before), ...(extensions ? planExtensions(c, known, type, extensions) : [])]
  // The row comes first: extensions are written beside it, and a taken endpoint is told before anything is counted.
  const store = resourceTypeStore(c.trx)
  if (!before) await store.insert(c.orgId, type, c.now)
  else if (!isDeepStrictEqual(before, type)) await store.update(c.orgId, type)
  const differences = await carryOut(c, plans, { more: before ? typeDifferences(before, type) : [], onLoss })
  if (!before && differences.length === 0) await organizationStore(c.trx).advanceSchema(c.orgId, c.now)
  if (!before || differences.length > 0) {
    const names = ({ schema }: DeclaredType) => schema.attributes.map(({ name }) => name)
    c.record({
      event: before ? 'resource_type.updated' : 'resource_type.defined',
      target: { type: 'resource_type', id: type.id, name: type.name },
      changed: {
        endpoint: { ...(before && { before: before.endpoint }), after: type.endpoint },
        attributes: { ...(before && { before: names(before) }), after: names(type) },
        ...(before && differencesAsChange(differences)),
      },
    })
  }
  const defined = await findResourceType(c.trx, c.orgId, type.name)
  if (!defined) throw new Error(`the resource type ${type.name} was neither written nor there`)
  return { defined, differences: before ? differences : [] }
}

function checkUrn(known: Known, { schema }: ResourceTypeInput, before: DeclaredType | undefined): void {
  if (before) {
    if (same(before.schema.urn, schema.urn)) return
    const detail = `The schema of ${before.name} is ${before.schema.urn} and stays so: clients name it in every request. Remove the type when it is empty and define it anew, or define another one.`
    throw conflict('urn_fixed', detail, { pointer: 'schema.urn' })
  }
  const other = known.types.find((type) => same(type.schema.urn, schema.urn))
  if (other) throw urnTaken(schema.urn, `is the schema of the resource type ${other.name}`)
  const extension = known.extensions.find(({ urn }) => same(urn, schema.urn))
  if (extension) throw urnTaken(schema.urn, `is an extension of ${extension.resourceType}`)
}

function typeDifferences(before: DeclaredType, after: DeclaredType): Difference[] {
  const bearers = [bearerOf(before)]
  const { name, description, schema } = before
  const moved: Difference = {
    attribute: name,
    change: `endpoint: ${before.endpoint} → ${after.endpoint}, which is another address for every resource`,
    misfit: { kind: 'all' },
    effect: 'kept',
    bearers,
  }
  return [
    ...(before.endpoint === after.endpoint ? [] : [moved]),
    ...proseOf({ urn: name, name, description }, { name, description: after.description }, bearers),
    ...proseOf(schema, after.schema, bearers),
  ]
}

function planCore(type: DeclaredType, before: DeclaredType | undefined): SchemaPlan[] {
  if (!before) return []
  const { urn, attributes } = type.schema
  const edit = { urn, under: [], bearers: [bearerOf(type)], before: before.schema.attributes, after: attributes }
  return [{ edits: [edit], more: [], writes: [] }]
}

function planExtensions(
  c: Change,
  known: Known,
  type: DeclaredType,
  wanted: readonly Omit<ExtensionInput, 'resourceType'>[],
): SchemaPlan[] {
  const bearer = bearerOf(type)
  const withType = { ...known, types: [...known.types.filter(({ id }) => id !== type.id), type] }
  const gone = known.extensions
    .filter(({ resourceType }) => resourceType === type.name)
    .filter(({ urn }) => !wanted.some((extension) => same(extension.urn, urn)))
  return [
    ...wanted.map((extension) => planExtension(withType, bearer, extension, c.newId())),
    ...gone.map(({ urn }) => planRemoval(known, bearer, urn)),
  ]
}

/** Removes a type without resources, with its extensions. @throws AppError conflict `resource_type_in_use`, not_found */
export async function removeResourceType(c: Change, name: string): Promise<DeclaredType> {
  const known = await lockSchemas(c)
  const type = known.types.find((candidate) => same(candidate.name, name))
  if (!type) throw notFound('resource_type_not_found', `There is no resource type "${name}".`)
  const store = resourceTypeStore(c.trx)
  await store.lock(c.orgId, type.id)
  const count = await customResourceStore(c.trx, type.id).count(c.orgId)
  if (count > 0) {
    const detail = `${type.name} has ${count} ${count === 1 ? 'resource' : 'resources'}. Delete them first; a type goes only when it is empty.`
    throw conflict('resource_type_in_use', detail)
  }
  const own = known.extensions.filter(({ resourceType }) => resourceType === type.name)
  for (const { id } of own) await schemaExtensionStore(c.trx).remove(c.orgId, id)
  await store.bury(c.orgId, type.id, c.now)
  await organizationStore(c.trx).advanceSchema(c.orgId, c.now)
  c.record({ event: 'resource_type.removed', target: { type: 'resource_type', id: type.id, name: type.name } })
  return type
}

/** The declared types with their extensions, in order of name. */
export async function listResourceTypes(db: Knex, orgId: string): Promise<ResourceTypeWithExtensions[]> {
  const types = await resourceTypeStore(db).list(orgId)
  const extensions = types.length === 0 ? [] : await schemaExtensionStore(db).list(orgId)
  return types.map((type) => ({ type, extensions: extensions.filter(({ resourceType }) => resourceType === type.name) }))
}

export async function findResourceType(db: Knex, orgId: string, name: string): Promise<ResourceTypeWithExtensions | undefined> {
  return (await listResourceTypes(db, orgId)).find(({ type }) => same(type.name, name))
}
