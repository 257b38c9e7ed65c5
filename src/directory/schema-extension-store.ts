import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Knex } from '../platform/db/open.js'
import type { SchemaExtension } from './model.js'

type Row = {
  id: string
  urn: string
  resource_type: string
  name: string
  description: string
  required: boolean
  attributes: AttributeDefinition[]
  version: number
}

const columns = ['id', 'urn', 'resource_type', 'name', 'description', 'required', 'attributes', 'version']

const toExtension = (row: Row): SchemaExtension => ({
  id: row.id,
  urn: row.urn,
  resourceType: row.resource_type,
  name: row.name,
  description: row.description,
  required: row.required,
  attributes: row.attributes,
  version: row.version,
})

export function schemaExtensionStore(db: Knex) {
  return {
    insert: async (orgId: string, extension: SchemaExtension, at: Date): Promise<void> => {
      await db('schema_extensions').insert({
        org_id: orgId,
        id: extension.id,
        urn: extension.urn,
        resource_type: extension.resourceType,
        name: extension.name,
        description: extension.description,
        required: extension.required,
        attributes: JSON.stringify(extension.attributes),
        version: extension.version,
        created_at: at,
        updated_at: at,
      })
    },

    update: async (orgId: string, extension: SchemaExtension, at: Date): Promise<void> => {
      const { name, description, required, version } = extension
      const attributes = JSON.stringify(extension.attributes)
      await db('schema_extensions')
        .where({ org_id: orgId, id: extension.id })
        .update({ name, description, required, attributes, version, updated_at: at })
    },

    remove: async (orgId: string, id: string): Promise<void> => {
      await db('schema_extensions').where({ org_id: orgId, id }).delete()
    },

    list: async (orgId: string): Promise<SchemaExtension[]> => {
      const rows = await db('schema_extensions').where({ org_id: orgId }).select<Row[]>(columns).orderBy(['resource_type', 'urn'])
      return rows.map(toExtension)
    },
  }
}
