import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { conflict } from '../platform/errors.js'
import type { ExtensionInput, SchemaExtension } from './model.js'
import { organizationStore } from './organization-store.js'
import { schemaExtensionStore } from './schema-extension-store.js'

/**
 * An organization's own attributes. They may grow and be described anew, but what an attribute is never changes: values that were
 * valid when they came stay valid.
 */

type Described = { readonly name: string; readonly subAttributes?: readonly Described[] | undefined }

// Everything of a definition but its prose; sub-attributes are compared one by one.
const nature = ({ description: _, subAttributes: __, ...rest }: Record<string, unknown>) => rest

function keeps(before: readonly Described[], after: readonly Described[], path: string): void {
  for (const old of before) {
    const name = path + old.name
    const now = after.find((candidate) => candidate.name === old.name)
    if (!now || !isDeepStrictEqual(nature(now), nature(old))) {
      const detail = `The attribute ${name} exists: ${now ? 'nothing but its description may change' : 'it cannot be removed'}. Attributes may be added.`
      throw conflict('extension_incompatible', detail, { pointer: name })
    }
    keeps(old.subAttributes ?? [], now.subAttributes ?? [], `${name}.`)
  }
}

function addsRequired(
  before: readonly AttributeDefinition[],
  after: readonly AttributeDefinition[],
): AttributeDefinition | undefined {
  return after.find((attribute) => attribute.required && !before.some((old) => old.name === attribute.name))
}

function checkEdit(before: SchemaExtension, input: ExtensionInput): void {
  keeps(before.attributes, input.attributes, '')
  if (before.required !== input.required) {
    throw conflict('extension_incompatible', 'Whether an extension is required cannot change once it exists.', {
      pointer: 'required',
    })
  }
  const added = addsRequired(before.attributes, input.attributes)
  if (added) {
    const detail = `The new attribute ${added.name} cannot be required: resources that exist do not have it.`
    throw conflict('extension_incompatible', detail, { pointer: added.name })
  }
}

/**
 * Defines an extension, or adds attributes and new descriptions to the one of that URN; the same definition again changes nothing.
 * @throws AppError conflict `extension_incompatible`
 */
export async function defineExtension(c: Change, input: ExtensionInput): Promise<SchemaExtension> {
  const store = schemaExtensionStore(c.trx)
  const before = await store.lock(c.orgId, input.resourceType, input.urn)
  if (before) checkEdit(before, input)
  const after: SchemaExtension = before
    ? { ...input, urn: before.urn, id: before.id, version: before.version + 1 }
    : { ...input, id: c.newId(), version: 1 }
  if (before && isDeepStrictEqual(before, { ...after, version: before.version })) return before
  if (before) await store.update(c.orgId, after, c.now)
  else await store.insert(c.orgId, after, c.now)
  await organizationStore(c.trx).advanceSchema(c.orgId, c.now)
  c.record({
    event: before ? 'schema_extension.updated' : 'schema_extension.defined',
    target: { type: 'schema_extension', id: after.id, name: after.urn },
    changed: {
      attributes: {
        ...(before && { before: before.attributes.map((attribute) => attribute.name) }),
        after: after.attributes.map((attribute) => attribute.name),
      },
    },
  })
  return after
}

export function listExtensions(db: Knex, orgId: string): Promise<SchemaExtension[]> {
  return schemaExtensionStore(db).list(orgId)
}
