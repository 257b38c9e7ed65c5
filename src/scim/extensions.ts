import { LRUCache } from 'lru-cache'
import type { ResourceType } from '../contract/attribute-definition.js'
import { listExtensions } from '../directory/index.js'
import type { Knex } from '../platform/db/open.js'
import { groupType, userType, withExtensions } from './resource-types.js'
import { defineSchema } from './schema-define.js'

/** An organization's resource types: the built-in ones with its own extensions. Read again when its schema version moves. */

export type OrganizationTypes = { readonly user: ResourceType; readonly group: ResourceType }

export function organizationTypes(db: Knex) {
  const cache = new LRUCache<string, Promise<OrganizationTypes>>({ max: 1000 })

  const load = async (orgId: string): Promise<OrganizationTypes> => {
    const rows = await listExtensions(db, orgId)
    const own = (name: string) =>
      rows
        .filter((row) => row.resourceType === name)
        .map(({ urn, name, description, attributes, required }) => ({
          schema: defineSchema({ id: urn, name, description, attributes }),
          required,
        }))
    return { user: withExtensions(userType, own('User')), group: withExtensions(groupType, own('Group')) }
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
