import {
  defineExtension,
  defineResourceType,
  findResourceType,
  listExtensions,
  listResourceTypes,
  type Organization,
  type ResourceTypeWithExtensions,
  removeExtension,
  removeResourceType,
} from '../directory/index.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { notFound } from '../platform/errors.js'
import type { OperatorApi } from './api.js'
import { presentDifferences, presentExtension, presentResourceType } from './present-schema.js'

/** The operator's work on the schemas of organizations, done on the core. */

type SchemaApi = Pick<
  OperatorApi,
  | 'defineExtension'
  | 'listExtensions'
  | 'removeExtension'
  | 'defineResourceType'
  | 'listResourceTypes'
  | 'showResourceType'
  | 'removeResourceType'
>

type Reach = {
  readonly db: Knex
  readonly organizationOf: (slug: string) => Promise<Organization>
  readonly change: <T>(orgId: string, run: (c: Change) => Promise<T>) => Promise<T>
}

export function directSchemas({ db, organizationOf, change }: Reach): SchemaApi {
  const typeOf = async (orgId: string, name: string): Promise<ResourceTypeWithExtensions> => {
    const found = await findResourceType(db, orgId, name)
    if (!found) throw notFound('resource_type_not_found', `The organization has no resource type "${name}".`)
    return found
  }

  return {
    defineExtension: async (slug, input, onLoss) => {
      const { orgId } = await organizationOf(slug)
      const { defined, differences } = await change(orgId, (c) => defineExtension(c, input, onLoss))
      return { extension: presentExtension(defined), differences: presentDifferences(differences) }
    },

    listExtensions: async (slug) => {
      const { orgId } = await organizationOf(slug)
      return { items: (await listExtensions(db, orgId)).map(presentExtension) }
    },

    removeExtension: async (slug, named, onLoss) => {
      const { orgId } = await organizationOf(slug)
      return { differences: presentDifferences(await change(orgId, (c) => removeExtension(c, named, onLoss))) }
    },

    defineResourceType: async (slug, input, onLoss) => {
      const { orgId } = await organizationOf(slug)
      const { defined, differences } = await change(orgId, (c) => defineResourceType(c, input, onLoss))
      return { resourceType: presentResourceType(defined), differences: presentDifferences(differences) }
    },

    listResourceTypes: async (slug) => {
      const { orgId } = await organizationOf(slug)
      return { items: (await listResourceTypes(db, orgId)).map(presentResourceType) }
    },

    showResourceType: async (slug, name) => {
      const { orgId } = await organizationOf(slug)
      return presentResourceType(await typeOf(orgId, name))
    },

    removeResourceType: async (slug, name) => {
      const { orgId } = await organizationOf(slug)
      const before = await typeOf(orgId, name)
      await change(orgId, (c) => removeResourceType(c, name))
      return presentResourceType(before)
    },
  }
}
