import type { Knex } from '../platform/db/open.js'
import type { Organization } from './model.js'

type Row = { org_id: string; slug: string; name: string; schema_version: number; created_at: Date }

const columns = ['o.org_id', 's.slug', 'o.name', 'o.schema_version', 'o.created_at']

const toOrganization = (row: Row): Organization => ({
  orgId: row.org_id,
  slug: row.slug,
  name: row.name,
  schemaVersion: row.schema_version,
  createdAt: row.created_at,
})

export function organizationStore(db: Knex) {
  const query = () =>
    db('organizations as o').join('organization_slugs as s', 's.org_id', 'o.org_id').select<Row[]>(columns).orderBy('s.slug')

  return {
    insert: async (organization: Organization): Promise<void> => {
      const { orgId, slug, name, schemaVersion, createdAt } = organization
      await db('organizations').insert({
        org_id: orgId,
        name,
        schema_version: schemaVersion,
        created_at: createdAt,
        updated_at: createdAt,
      })
      await db('organization_slugs').insert({ slug, org_id: orgId })
    },

    findBySlug: async (slug: string): Promise<Organization | undefined> => {
      const [row] = await query().where('s.slug', slug)
      return row && toOrganization(row)
    },

    /** In order of slug, after the one given. */
    list: async (after: string, limit: number): Promise<Organization[]> => {
      const rows = await query().where('s.slug', '>', after).limit(limit)
      return rows.map(toOrganization)
    },

    /** Counts one more change of what attributes the organization's resources have. */
    advanceSchema: async (orgId: string, at: Date): Promise<void> => {
      await db('organizations')
        .where({ org_id: orgId })
        .update({ schema_version: db.raw('schema_version + 1'), updated_at: at })
    },
  }
}
