import { type Description, type DocumentedDoor, type Headers, type Parameter, refTo } from '../http/openapi.js'
import { type EndpointDeps, scimEndpoints } from './endpoints.js'
import { discoverySchemas } from './openapi-discovery.js'
import { listSchema, messageSchemas, queryFields } from './openapi-messages.js'
import { declaredResourceSchema, extensionSchema, resourceSchema } from './openapi-resources.js'
import { resourceEndpoints } from './resource-endpoints.js'
import { groupType, userType } from './resource-types.js'
import { enterpriseUserSchema } from './schema-enterprise-user.js'
import { userAdapter } from './user-adapter.js'
import { scimWire } from './wire.js'

/** The SCIM door in the OpenAPI document: bodies and replies from the attribute definitions, operations from what serves them. */

// Nothing is ever called: an endpoint says what it is without them.
const nothing = {} as EndpointDeps

/** What an organization declares has an address of its own, below the same base; one entry stands for all of them. */
const declared = { ...userAdapter, noun: 'resources of a declared type', family: 'resources', endpoint: '/:endpoint' } as const

const endpoints = [...scimEndpoints(nothing), ...resourceEndpoints(nothing, declared)]

const queries: Parameter[] = Object.entries(queryFields).map(([name, { description, ...schema }]) => ({
  name,
  in: 'query',
  description: String(description),
  schema,
  ...(schema.type === 'array' && { style: 'form', explode: false }),
}))
const selections = queries.filter(({ name }) => /attributes$/i.test(name))
const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  description: 'ETags, one of which the resource must have; weak ones compare too.',
  schema: { type: 'string' },
}
const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'ETags that the client has; a resource with one of them is not sent again.',
  schema: { type: 'string' },
}

const etag: Headers = { ETag: { description: 'Version of the resource (RFC 7644 §3.14).', required: true } }
const located: Headers = { ...etag, Location: { description: 'Address of the resource.', required: true } }

/** Names of components by the second part of operation ids. */
const components: Readonly<Record<string, string>> = {
  users: 'ScimUser',
  me: 'ScimUser',
  groups: 'ScimGroup',
  resources: 'ScimResource',
  root: 'ScimMixed',
}

const documents: Readonly<Record<string, string>> = {
  config: 'ScimServiceProviderConfig',
  types: 'ScimResourceTypeList',
  type: 'ScimResourceType',
  schemas: 'ScimSchemaList',
  schema: 'ScimSchema',
}

const onList: Description = { parameters: queries }
const onSearch: Description = { body: refTo('ScimSearchRequest') }

function operation(family: string, verb: string): Description {
  const name = components[family] ?? ''
  const schema = refTo(name)
  const headers = family === 'me' ? located : etag
  const page = { replies: { 200: { schema: refTo(`${name}List`) } } }
  const body = refTo(`${name}Input`)
  const verbs: Readonly<Record<string, Description>> = {
    list: { ...onList, ...page },
    search: { ...onSearch, ...page },
    create: { parameters: selections, body, replies: { 201: { schema, headers: located } } },
    read: { parameters: [...selections, ifNoneMatch], replies: { 200: { schema, headers }, 304: { headers } } },
    replace: { parameters: [...selections, ifMatch], body, replies: { 200: { schema, headers } } },
    patch: {
      parameters: [...selections, ifMatch],
      body: refTo('ScimPatchOp'),
      replies: { 200: { schema, headers }, 204: { headers } },
    },
    delete: { parameters: [ifMatch] },
    run: { body: refTo('ScimBulkRequest'), replies: { 200: { schema: refTo('ScimBulkResponse') } } },
  }
  return verbs[verb] ?? {}
}

const builtIn = [userType, groupType]
const extensions = { [enterpriseUserSchema.id]: 'ScimEnterpriseUser' }
const sentExtensions = { [enterpriseUserSchema.id]: 'ScimEnterpriseUserInput' }

export const scimDocument: DocumentedDoor = {
  ...scimWire,
  description: 'SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865): users and groups, pushed by an identity provider.',
  token: 'The bearer token of one connection (gatehouse token create).',
  endpoints,
  segments: {
    org: 'Short name of the organization.',
    id: 'Id of the resource, name of the resource type, or URN of the schema.',
    endpoint: 'Where resources of a type are that the organization declares; /ResourceTypes lists them.',
  },
  refusal: { contentType: scimWire.contentType, schema: refTo('ScimError') },
  schemas: {
    ScimUser: resourceSchema(userType, 'answered', extensions),
    ScimUserInput: resourceSchema(userType, 'sent', sentExtensions),
    ScimEnterpriseUser: extensionSchema(enterpriseUserSchema, 'answered'),
    ScimEnterpriseUserInput: extensionSchema(enterpriseUserSchema, 'sent'),
    ScimGroup: resourceSchema(groupType, 'answered', {}),
    ScimGroupInput: resourceSchema(groupType, 'sent', {}),
    ScimResource: declaredResourceSchema('answered', builtIn),
    ScimResourceInput: declaredResourceSchema('sent', builtIn),
    ScimUserList: listSchema('Users.', refTo('ScimUser')),
    ScimGroupList: listSchema('Groups.', refTo('ScimGroup')),
    ScimResourceList: listSchema('Resources of one declared type.', refTo('ScimResource')),
    ScimMixedList: listSchema('Resources of every type.', {
      anyOf: [refTo('ScimUser'), refTo('ScimGroup'), refTo('ScimResource')],
    }),
    ScimSchemaList: listSchema('Schemas.', refTo('ScimSchema')),
    ScimResourceTypeList: listSchema('Resource types.', refTo('ScimResourceType')),
    ...messageSchemas,
    ...discoverySchemas,
  },
  describe: ({ id }) => {
    const [, family = '', verb] = id.split('.')
    const document = documents[family]
    if (verb !== undefined) return operation(family, verb)
    return document ? { replies: { 200: { schema: refTo(document) } } } : {}
  },
}
