import { type AttributeDefinition, attributeDefinition } from '../contract/attribute-definition.js'

/** Attributes every resource has without naming them in its schema: RFC 7643 §3.1. */
export const commonAttributes: readonly AttributeDefinition[] = [
  {
    name: 'schemas',
    type: 'reference',
    description: 'URNs of the schemas that this resource uses.',
    multiValued: true,
    required: true,
    caseExact: true,
    returned: 'always',
    referenceTypes: ['uri'],
  },
  {
    name: 'id',
    description: 'The identifier this server gave the resource; stable, never reused.',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  },
  {
    name: 'externalId',
    description: 'The identifier the provisioning client gave the resource.',
    caseExact: true,
  },
  {
    name: 'meta',
    type: 'complex',
    description: 'Where the resource is and when it changed.',
    mutability: 'readOnly',
    subAttributes: [
      { name: 'resourceType', description: 'Name of the resource type.', caseExact: true, mutability: 'readOnly' },
      { name: 'created', type: 'dateTime', description: 'When the resource was created.', mutability: 'readOnly' },
      { name: 'lastModified', type: 'dateTime', description: 'When the resource last changed.', mutability: 'readOnly' },
      { name: 'location', type: 'reference', description: 'URI of the resource.', caseExact: true, mutability: 'readOnly' },
      { name: 'version', description: 'ETag of the resource.', caseExact: true, mutability: 'readOnly' },
    ],
  },
].map((attribute) => attributeDefinition.parse(attribute))
