import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { Organization } from './model.js'
import { organizationStore } from './organization-store.js'

/** Tenants. An organization is found by its slug in addresses and by its id everywhere else. */

/** Creates the organization whose id the change bears. @throws AppError conflict `slug_taken` */
export async function createOrganization(c: Change, input: { slug: string; name: string }): Promise<Organization> {
  const organization: Organization = { orgId: c.orgId, slug: input.slug, name: input.name, schemaVersion: 1, createdAt: c.now }
  await c.startJournal()
  await organizationStore(c.trx).insert(organization)
  const target = { type: 'organization', id: c.orgId, name: input.slug }
  c.record({ event: 'organization.created', target, changed: { slug: { after: input.slug }, name: { after: input.name } } })
  return organization
}

export function findOrganization(db: Knex, slug: string): Promise<Organization | undefined> {
  return organizationStore(db).findBySlug(slug)
}

/** At most `limit` organizations in order of slug, from the one after `after` (exclusive; '' begins). */
export function listOrganizations(db: Knex, page: { after: string; limit: number }): Promise<Organization[]> {
  return organizationStore(db).list(page.after, page.limit)
}
