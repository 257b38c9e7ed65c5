import { type JsonSchema, refTo } from '../http/openapi.js'
import { scimTypes } from './errors.js'

/** The messages of RFC 7644 as JSON Schema. */

const urn = 'urn:ietf:params:scim:api:messages:2.0:'

const text = (description: string): JsonSchema => ({ type: 'string', description })
const whole = (description: string): JsonSchema => ({ type: 'integer', description })
const list = (description: string, items: JsonSchema): JsonSchema => ({ type: 'array', description, items })

function message(name: string, description: string, properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
  return {
    description,
    type: 'object',
    properties: {
      schemas: { ...list('What this message is.', { type: 'string' }), contains: { const: urn + name } },
      ...properties,
    },
    required: ['schemas', ...required],
  }
}

/** What a message that is answered is: nothing but what is named here. */
const closed = (schema: JsonSchema): JsonSchema => ({ ...schema, additionalProperties: false })

/** RFC 7644 §3.4.2, and RFC 9865 §2 for pages by cursor. */
export function listSchema(description: string, items: JsonSchema): JsonSchema {
  const properties = {
    totalResults: whole('How many match in all; absent on pages by cursor where it is not known.'),
    startIndex: whole('Place of the first one of this page, from 1; absent on pages by cursor.'),
    itemsPerPage: whole('How many this page holds.'),
    nextCursor: text('Cursor of the next page; absent on the last one and on pages by index.'),
    Resources: list('The resources of this page.', items),
  }
  return closed(message('ListResponse', description, properties, ['itemsPerPage', 'Resources']))
}

const method = { ...text('What is done, as an HTTP method.'), enum: ['POST', 'PUT', 'PATCH', 'DELETE'] }
const bulkId = text('Name that the client gave what the operation creates; others refer to it as bulkId:<name>.')

const patchOperation: JsonSchema = {
  type: 'object',
  properties: {
    op: { ...text('What is done; compared without case.'), enum: ['add', 'remove', 'replace'] },
    path: text('The attribute meant, perhaps with a value filter (RFC 7644 §3.5.2); the resource itself where left out.'),
    value: { description: 'What is added or put in place.' },
  },
  required: ['op'],
}

const bulkOperation: JsonSchema = {
  type: 'object',
  properties: {
    method,
    bulkId,
    version: text('Version that the resource must have, as If-Match says it.'),
    path: text('The resource or endpoint meant, below the base address, such as /Users/<id>.'),
    data: { description: 'The body that a single request would have.' },
  },
  required: ['method', 'path'],
}

const bulkOutcome: JsonSchema = {
  type: 'object',
  properties: {
    location: text('Address of the resource; absent where nothing was created.'),
    method: text('What was asked for.'),
    bulkId,
    version: text('ETag of the resource after the operation.'),
    status: { ...text('The status that a single request would have been answered with.'), pattern: '^[1-5][0-9]{2}$' },
    response: { ...refTo('ScimError'), description: 'Why the operation failed.' },
  },
  required: ['method', 'status'],
  additionalProperties: false,
}

const searchRequest = {
  filter: text('What resources must match (RFC 7644 §3.4.2.2).'),
  sortBy: text('The attribute to sort by.'),
  sortOrder: { ...text('The direction to sort in.'), enum: ['ascending', 'descending'] },
  startIndex: whole('Place of the first resource wanted, from 1.'),
  count: whole('How many resources a page may hold; 0 asks for the total alone.'),
  cursor: text('Cursor of the page wanted, empty for the first one (RFC 9865).'),
  attributes: list('The only attributes to answer.', { type: 'string' }),
  excludedAttributes: list('Attributes to leave out of the answer.', { type: 'string' }),
}

export const messageSchemas: Readonly<Record<string, JsonSchema>> = {
  ScimError: closed(
    message(
      'Error',
      'A refusal (RFC 7644 §3.12).',
      {
        status: { ...text('The status of the reply.'), pattern: '^[45][0-9]{2}$' },
        scimType: { ...text('The kind of fault.'), enum: [...scimTypes] },
        detail: text('What is wrong, and what to do about it.'),
      },
      ['status', 'detail'],
    ),
  ),
  ScimPatchOp: message(
    'PatchOp',
    'Changes to parts of a resource (RFC 7644 §3.5.2); all of them are made, or none.',
    { Operations: list('The changes, in order.', patchOperation) },
    ['Operations'],
  ),
  ScimSearchRequest: message('SearchRequest', 'A query in a body (RFC 7644 §3.4.3).', searchRequest, []),
  ScimBulkRequest: message(
    'BulkRequest',
    'Many operations in one request (RFC 7644 §3.7).',
    {
      failOnErrors: whole('How many operations may fail before the rest is left alone; no end where left out.'),
      Operations: list('The operations.', bulkOperation),
    },
    ['Operations'],
  ),
  ScimBulkResponse: closed(
    message(
      'BulkResponse',
      'What became of each operation that was tried.',
      { Operations: list('The outcomes, in the order of the request.', bulkOutcome) },
      ['Operations'],
    ),
  ),
}

/** The query of a list as URL parameters: the same as in a body, lists written with commas. */
export const queryFields: Readonly<Record<string, JsonSchema>> = searchRequest
