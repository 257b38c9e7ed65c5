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
  .describe('An extension schema of an organization.')

export const extensionList = z
  .strictObject({ items: z.array(schemaExtension).describe('All extensions.') })
  .describe('The extension schemas of an organization.')

export const definedExtension = z
  .strictObject({ extension: schemaExtension, differences: differenceList })
  .describe('An extension as it now is, and what its definition changed.')

export type ExtensionView = z.output<typeof schemaExtension>
export type ExtensionList = z.output<typeof extensionList>
export type DefinedExtension = z.output<typeof definedExtension>
