import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Knex } from '../platform/db/open.js'
import { prepared } from '../platform/db/query.js'
import type { DeclaredType, TypeVersion } from './model.js'

type Row = {
  id: string
  name: string
  endpoint: string
  description: string
  urn: string
  schema_name: string
  schema_description: string
  attributes: AttributeDefinition[]
  version: number
}

const columns = ['id', 'name', 'endpoint', 'description', 'urn', 'schema_name', 'schema_description', 'attributes', 'version']

const toType = (row: Row): DeclaredType => ({
  id: row.id,
  name: row.name,
  endpoint: row.endpoint,
  description: row.description,
  schema: { urn: row.urn, name: row.schema_name, description: row.schema_description, attributes: row.attributes },
  version: row.version,
})

const settable = ({ name, endpoint, description, schema }: DeclaredType) => ({
  name,
  endpoint,
  description,
  urn: schema.urn,
  schema_name: schema.name,
  schema_description: schema.description,
  attributes: JSON.stringify(schema.attributes),
})

export function resourceTypeStore(db: Knex) {
  const live = (orgId: string) => db('resource_types').where({ org_id: orgId, deleted_at: null })

  return {
    /** Keeps every other change of the organization's schemas away until this one ends. */
    lockSchemas: async (orgId: string): Promise<void> => {
      await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`schemas ${orgId}`])
    },

    /** In order of name. */
    list: async (orgId: string): Promise<DeclaredType[]> =>
      (await live(orgId).select<Row[]>(columns).orderByRaw('lower(name) collate "C"')).map(toType),

    /** Whether the type stands at this version, which it then keeps until the change ends. */
    hold: async (orgId: string, { id, version }: TypeVersion): Promise<boolean> => {
      const sql = 'select version from resource_types where org_id = $1 and id = $2 and deleted_at is null for share'
      const [row] = await prepared<{ version: number }>(db, 'resource-type-hold', sql, [orgId, id])
      return row?.version === version
    },

    /** Waits for whoever writes resources of the type, and keeps them off until the change ends. */
    lock: async (orgId: string, id: string): Promise<void> => {
      await live(orgId).where({ id }).select('id').forUpdate()
    },

    insert: async (orgId: string, type: DeclaredType, at: Date): Promise<void> => {
      const { id, version } = type
      await db('resource_types').insert({ org_id: orgId, id, version, ...settable(type), created_at: at, updated_at: at })
    },

    update: async (orgId: string, type: DeclaredType): Promise<void> => {
      await live(orgId).where({ id: type.id }).update(settable(type))
    },

    /** Counts one more change of the type or of its extensions. */
    advance: async (orgId: string, id: string, at: Date): Promise<void> => {
      await live(orgId)
        .where({ id })
        .update({ version: db.raw('version + 1'), updated_at: at })
    },

    bury: async (orgId: string, id: string, at: Date): Promise<void> => {
      await live(orgId).where({ id }).update({ deleted_at: at, updated_at: at })
    },
  }
}
