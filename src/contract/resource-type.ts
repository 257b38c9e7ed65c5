import { z } from 'zod'
import { attributeList, differenceList, prose, resourceTypeName, schemaName, schemaUrn } from './schema.js'

/** Resource types of an organization on the wire: RFC 7643 §6. */

/** First segments of addresses that the SCIM door serves or may come to serve itself, in lower case. */
export const reservedEndpoints: readonly string[] = [
  'users',
  'groups',
  'me',
  'bulk',
  'schemas',
  'resourcetypes',
  'serviceproviderconfig',
  'oauth',
  'token',
]

const reservedNames: readonly string[] = ['user', 'group', 'schema', 'resourcetype', 'serviceproviderconfig']

/** RFC 7643 §3.1: every resource has these without naming them. */
const commonNames: readonly string[] = ['schemas', 'id', 'externalid', 'meta']

const typeName = resourceTypeName
  .refine((name) => !reservedNames.includes(name.toLowerCase()), 'this resource type is built in')
  .describe('Name of the type, unique in the organization without case; it stands in meta.resourceType.')

const endpoint = z
  .string()
  .regex(/^\/[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a slash and one name of letters, digits, "-" and "_", e.g. /Devices')
  .refine((path) => !reservedEndpoints.includes(path.slice(1).toLowerCase()), 'this address is served already')
  .describe('Where its resources are, below the SCIM base URL.')

const ownAttributes = attributeList.refine(
  (all) => !all.some(({ name }) => commonNames.includes(name.toLowerCase())),
  'schemas, id, externalId and meta are there already (RFC 7643 §3.1)',
)

const schema = z
  .strictObject({ urn: schemaUrn, name: schemaName, description: prose, attributes: ownAttributes })
  .describe('The schema of its own attributes.')

const typeExtension = z
  .strictObject({
    urn: schemaUrn,
    name: schemaName,
    description: prose,
    required: z.boolean().default(false).describe('Whether every resource must carry the extension.'),
    attributes: attributeList,
  })
  .describe('An extension schema of the type.')

const extensionsOfType = z.array(typeExtension).max(20)

const parts = { name: typeName, endpoint, description: prose, schema }

export const newResourceType = z
  .strictObject({
    ...parts,
    extensions: extensionsOfType.optional().describe('All its extensions; where left out, those it has stay.'),
  })
  .refine(
    ({ schema, extensions = [] }) => {
      const urns = [schema, ...extensions].map(({ urn }) => urn.toLowerCase())
      return new Set(urns).size === urns.length
    },
    { message: 'two schemas have the same URN', path: ['extensions'] },
  )
  .meta({ id: 'NewResourceType', description: 'A resource type to define.' })

export const resourceType = z
  .strictObject({ ...parts, extensions: extensionsOfType.describe('All its extensions.') })
  .meta({ id: 'ResourceType', description: 'A resource type of an organization.' })

export const resourceTypeList = z
  .strictObject({ items: z.array(resourceType).describe('All resource types, in order of name.') })
  .meta({ id: 'ResourceTypeList', description: 'The resource types of an organization.' })

export const definedResourceType = z
  .strictObject({ resourceType, differences: differenceList })
  .meta({ id: 'DefinedResourceType', description: 'A resource type as it now is, and what its definition changed.' })

export type NewResourceType = z.output<typeof newResourceType>
export type ResourceTypeView = z.output<typeof resourceType>
export type ResourceTypeList = z.output<typeof resourceTypeList>
export type DefinedResourceType = z.output<typeof definedResourceType>
