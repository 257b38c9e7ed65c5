import { LRUCache } from 'lru-cache'
import type { ResourceType } from '../contract/attribute-definition.js'
import { listExtensions, listResourceTypes, type SchemaExtension, type TypeVersion } from '../directory/index.js'
import type { Knex } from '../platform/db/open.js'
import { groupType, userType, withExtensions } from './resource-types.js'
import { defineSchema } from './schema-define.js'

/**
 * An organization's resource types: the built-in ones with its own extensions, and those it declares. Read again when its schema
 * version moves.
 */

/** A declared type, and its version as the directory asks for it at every write. */
export type DeclaredResourceType = { readonly type: ResourceType; readonly known: TypeVersion }

export type OrganizationTypes = {
  readonly user: ResourceType
  readonly group: ResourceType
  /** In order of name. */
  readonly declared: readonly DeclaredResourceType[]
}

/** Every type of the organization, the built-in ones first. */
export function typesIn({ user, group, declared }: OrganizationTypes): readonly ResourceType[] {
  return [user, group, ...declared.map(({ type }) => type)]
}

const extensionsOf = (rows: readonly SchemaExtension[]): ResourceType['extensions'] =>
  rows.map(({ urn, name, description, attributes, required }) => ({
    schema: defineSchema({ id: urn, name, description, attributes }),
    required,
  }))

export function organizationTypes(db: Knex) {
  const cache = new LRUCache<string, Promise<OrganizationTypes>>({ max: 1000 })

  const load = async (orgId: string): Promise<OrganizationTypes> => {
    const rows = await listExtensions(db, orgId)
    const declared = await listResourceTypes(db, orgId)
    const own = (name: string) => extensionsOf(rows.filter((row) => row.resourceType === name))
    return {
      user: withExtensions(userType, own('User')),
      group: withExtensions(groupType, own('Group')),
      declared: declared.map(({ type: { id, name, endpoint, description, schema, version }, extensions }) => ({
        type: {
          id: name,
          name,
          endpoint,
          description,
          schema: defineSchema({ ...schema, id: schema.urn }),
          extensions: extensionsOf(extensions),
        },
        known: { id, name, version },
      })),
    }
  }

  return (orgId: string, schemaVersion: number): Promise<OrganizationTypes> => {
    const key = `${orgId} ${schemaVersion}`
    const known = cache.get(key)
    if (known) return known
    const loading = load(orgId)
    cache.set(key, loading)
    loading.catch(() => cache.delete(key))
    return loading
  }
}
