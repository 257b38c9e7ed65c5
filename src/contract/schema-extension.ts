import { z } from 'zod'
import { attributeList, differenceList, prose, resourceTypeName, schemaName, schemaUrn } from './schema.js'

/** An organization's own attributes on the wire. */

export const schemaExtension = z
  .strictObject({
    urn: schemaUrn,
    resourceType: resourceTypeName.describe('What gets the attributes: User, Group, or a resource type of the organization.'),
    name: schemaName,
    description: prose,
    required: z.boolean().default(false).describe('Whether every resource must carry the extension.'),
    attributes: attributeList,
  })
  .meta({ id: 'SchemaExtension', description: 'An extension schema of an organization.' })

export const extensionList = z
  .strictObject({ items: z.array(schemaExtension).describe('All extensions.') })
  .meta({ id: 'ExtensionList', description: 'The extension schemas of an organization.' })

export const definedExtension = z
  .strictObject({ extension: schemaExtension, differences: differenceList })
  .meta({ id: 'DefinedExtension', description: 'An extension as it now is, and what its definition changed.' })

export const removedExtension = z
  .strictObject({ differences: differenceList })
  .meta({ id: 'RemovedExtension', description: 'What the removal of an extension changed.' })

export type ExtensionView = z.output<typeof schemaExtension>
export type ExtensionList = z.output<typeof extensionList>
export type DefinedExtension = z.output<typeof definedExtension>
export type RemovedExtension = z.output<typeof removedExtension>
