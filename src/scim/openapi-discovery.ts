import type { JsonSchema } from '../http/openapi.js'

/** The discovery documents as JSON Schema: RFC 7643 §5–7, and RFC 9865 §5 for pagination. */

const text = (description: string): JsonSchema => ({ type: 'string', description })
const flag = (description: string): JsonSchema => ({ type: 'boolean', description })
const whole = (description: string): JsonSchema => ({ type: 'integer', description })
const texts = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } })
const one = (description: string, values: readonly string[]): JsonSchema => ({ type: 'string', description, enum: [...values] })

/** Optional names end in "?". */
function object(description: string, fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const named = Object.entries(fields).map(([name, schema]) => [name.replace('?', ''), schema])
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(named),
    required: Object.keys(fields).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  }
}

const supported = flag('Whether it is supported.')

const meta = (name: string) =>
  object('What this document is and where.', {
    resourceType: { ...text('Always the same.'), const: name },
    location: text('URI of the document.'),
  })

const schemas = (name: string): JsonSchema => ({
  ...texts('URNs of the schemas that this document uses.'),
  contains: { const: `urn:ietf:params:scim:schemas:core:2.0:${name}` },
})

const characteristics = {
  name: text('Name of the attribute.'),
  type: one('What its values are.', ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex']),
  multiValued: flag('Whether it may have several values.'),
  description: text('What it is for.'),
  required: flag('Whether every resource must have it.'),
  'canonicalValues?': texts('Values that are suggested; others are taken too.'),
  caseExact: flag('Whether its values compare with case.'),
  mutability: one('Who may change it, and when.', ['readOnly', 'readWrite', 'immutable', 'writeOnly']),
  returned: one('When it is answered.', ['always', 'never', 'default', 'request']),
  uniqueness: one('Among what its values are unique.', ['none', 'server', 'global']),
  'referenceTypes?': texts('What it may refer to.'),
}

const attribute = object('An attribute.', {
  ...characteristics,
  'subAttributes?': {
    type: 'array',
    description: 'The parts of a complex attribute.',
    items: object('A part of an attribute.', characteristics),
  },
})

export const discoverySchemas: Readonly<Record<string, JsonSchema>> = {
  ScimServiceProviderConfig: object('What this server supports (RFC 7643 §5).', {
    schemas: schemas('ServiceProviderConfig'),
    'documentationUri?': text('Where people can read about it.'),
    patch: object('PATCH.', { supported }),
    bulk: object('Many operations in one request.', {
      supported,
      maxOperations: whole('Most operations of one request.'),
      maxPayloadSize: whole('Most bytes of one request.'),
    }),
    filter: object('Filters.', { supported, maxResults: whole('Most resources of one page.') }),
    changePassword: object('Changing passwords.', { supported }),
    sort: object('Sorting.', { supported }),
    etag: object('ETags.', { supported }),
    'pagination?': object('Pages (RFC 9865 §5).', {
      cursor: flag('Whether pages by cursor are supported.'),
      index: flag('Whether pages by index are supported.'),
      'defaultPaginationMethod?': one('What a client that names neither gets.', ['cursor', 'index']),
      'defaultPageSize?': whole('Resources of a page where no count is given.'),
      'maxPageSize?': whole('Most resources of a page.'),
      'cursorTimeout?': whole('Seconds that a cursor is good for.'),
    }),
    authenticationSchemes: {
      type: 'array',
      description: 'How clients say who they are.',
      items: object('One way to do so.', {
        type: text('Kind of the scheme.'),
        name: text('Name for people.'),
        description: text('How it is used.'),
        'specUri?': text('Where it is specified.'),
        'documentationUri?': text('Where people can read about it.'),
        'primary?': flag('Whether it is the preferred one.'),
      }),
    },
    meta: meta('ServiceProviderConfig'),
  }),
  ScimResourceType: object('A resource type (RFC 7643 §6).', {
    schemas: schemas('ResourceType'),
    id: text('Identifier of the type.'),
    name: text('Name of the type; meta.resourceType of its resources.'),
    description: text('What it is.'),
    endpoint: text('Where its resources are, below the base address.'),
    schema: text('URN of its core schema.'),
    schemaExtensions: {
      type: 'array',
      description: 'Its extension schemas.',
      items: object('An extension.', {
        schema: text('URN of the extension.'),
        required: flag('Whether every resource must have it.'),
      }),
    },
    meta: meta('ResourceType'),
  }),
  ScimSchema: object('A schema (RFC 7643 §7).', {
    schemas: schemas('Schema'),
    id: text('URN of the schema.'),
    name: text('Name for people.'),
    description: text('What it is for.'),
    attributes: { type: 'array', description: 'Its attributes.', items: attribute },
    meta: meta('Schema'),
  }),
}
