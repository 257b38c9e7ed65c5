import type { OnLoss } from '../contract/schema.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { ExtensionInput, SchemaExtension } from './model.js'
import { organizationStore } from './organization-store.js'
import { resourceTypeStore } from './resource-type-store.js'
import type { Difference } from './schema-differences.js'
import { type Judged, makeWay } from './schema-edits.js'
import { schemaExtensionStore } from './schema-extension-store.js'
import { findBearer, type Known, planExtension, planRemoval, type SchemaPlan } from './schema-plan.js'

/**
 * An organization's own attributes for users, groups and the types it declares. They may change in any way, but what resources hold by
 * them is never made to disagree with them: see schema-edits.ts.
 */

/** A definition as it now stands, and what is different about it. */
export type Defined<Noun> = { readonly defined: Noun; readonly differences: readonly Judged[] }

/** The organization's schemas, which nobody else changes until the change ends. */
export async function lockSchemas(c: Change): Promise<Known> {
  const types = resourceTypeStore(c.trx)
  await types.lockSchemas(c.orgId)
  return { types: await types.list(c.orgId), extensions: await schemaExtensionStore(c.trx).list(c.orgId) }
}

/**
 * Defines an extension, or changes the one of that URN; the same definition again changes nothing.
 * @throws AppError conflict `data_would_not_fit`, `urn_taken`, `extension_differs`; invalid `resource_type_unknown`
 */
export async function defineExtension(
  c: Change,
  input: ExtensionInput,
  onLoss: OnLoss = 'refuse',
): Promise<Defined<SchemaExtension>> {
  const known = await lockSchemas(c)
  const bearer = findBearer(known, input.resourceType)
  const plan = planExtension(known, bearer, input, c.newId())
  const differences = await carryOut(c, [plan], { more: [], onLoss })
  const isIt = (one: SchemaExtension | undefined): one is SchemaExtension =>
    one?.resourceType === bearer.type && one.urn.toLowerCase() === input.urn.toLowerCase()
  const defined = plan.writes.map(({ after }) => after).find(isIt) ?? known.extensions.find(isIt)
  if (!defined) throw new Error(`the extension ${input.urn} was neither written nor there`)
  return { defined, differences }
}

/** Takes an extension from a type. @throws AppError conflict `data_would_not_fit` where resources hold data under it; not_found */
export async function removeExtension(
  c: Change,
  { urn, resourceType }: Pick<ExtensionInput, 'urn' | 'resourceType'>,
  onLoss: OnLoss = 'refuse',
): Promise<readonly Judged[]> {
  const known = await lockSchemas(c)
  const plan = planRemoval(known, findBearer(known, resourceType), urn)
  return carryOut(c, [plan], { more: [], onLoss })
}

/** Applies plans: first to the data, then to the definitions. */
export async function carryOut(
  c: Change,
  plans: readonly SchemaPlan[],
  { more, onLoss }: { readonly more: readonly Difference[]; readonly onLoss: OnLoss },
): Promise<Judged[]> {
  const edits = plans.flatMap((plan) => plan.edits)
  const writes = plans.flatMap((plan) => plan.writes)
  const differences = [...more, ...plans.flatMap((plan) => plan.more)]
  const types = resourceTypeStore(c.trx)
  // In the order of ids, as two definitions at a time would wait for each other otherwise.
  const held = [...new Set(edits.flatMap((edit) => edit.bearers.flatMap(({ typeId }) => typeId ?? [])))].sort()
  for (const id of held) await types.lock(c.orgId, id)
  const judged = await makeWay(c, edits, differences, onLoss)
  if (writes.length === 0 && judged.length === 0) return judged
  for (const write of writes) await writeExtension(c, write, judged)
  for (const id of held) await types.advance(c.orgId, id, c.now)
  await organizationStore(c.trx).advanceSchema(c.orgId, c.now)
  return judged
}

const namesOf = (extension: SchemaExtension) => extension.attributes.map(({ name }) => name)

async function writeExtension(
  c: Change,
  { before, after }: SchemaPlan['writes'][number],
  judged: readonly Judged[],
): Promise<void> {
  const store = schemaExtensionStore(c.trx)
  const extension = after ?? before
  if (!extension) return
  if (!after) await store.remove(c.orgId, extension.id)
  else if (before) await store.update(c.orgId, after, c.now)
  else await store.insert(c.orgId, after, c.now)
  c.record({
    event: after ? (before ? 'schema_extension.updated' : 'schema_extension.defined') : 'schema_extension.removed',
    target: { type: 'schema_extension', id: extension.id, name: extension.urn },
    changed: {
      attributes: { ...(before && { before: namesOf(before) }), ...(after && { after: namesOf(after) }) },
      ...(before && differencesAsChange(judged)),
    },
  })
}

/** What was different, for the journal. */
export function differencesAsChange(judged: readonly Judged[]): { differences?: { after: string[] } } {
  if (judged.length === 0) return {}
  return {
    differences: {
      after: judged.map(({ attribute, change, resources, effect }) =>
        resources === 0 ? `${attribute} ${change}` : `${attribute} ${change} (${effect}: ${resources})`,
      ),
    },
  }
}

export function listExtensions(db: Knex, orgId: string): Promise<SchemaExtension[]> {
  return schemaExtensionStore(db).list(orgId)
}
