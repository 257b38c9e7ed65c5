import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import type { JsonObject } from '../platform/json.js'

/**
 * The discovery documents (RFC 7643 §5–7, RFC 7644 §4), rendered from the same definitions that validation, filter and PATCH read.
 * `baseUrl` is the absolute SCIM base of the organization as the client sees it, without a slash at the end.
 */

const metaSchemas = 'urn:ietf:params:scim:schemas:core:2.0:'

/** RFC 9865 §5: what cursor and index pagination offer; times in seconds. */
export type PaginationSupport = {
  readonly cursor: boolean
  readonly index: boolean
  readonly defaultPaginationMethod?: 'cursor' | 'index'
  readonly defaultPageSize?: number
  readonly maxPageSize?: number
  readonly cursorTimeout?: number
}

/** What differs between installations and connections; everything else this server always does. */
export type ProviderFeatures = {
  readonly baseUrl: string
  /** `maxPayloadSize` in bytes. */
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number }
  readonly filter: { readonly maxResults: number }
  readonly pagination?: PaginationSupport
  /** Where the connection's OAuth 2.0 client draws access tokens, where it has one. */
  readonly tokenUrl?: string
  readonly documentationUri?: string
}

/** The ServiceProviderConfig document: RFC 7643 §5, with the pagination block of RFC 9865 where told. */
export function serviceProviderConfig(features: ProviderFeatures): JsonObject {
  const { baseUrl, bulk, filter, pagination, tokenUrl, documentationUri } = features
  return {
    schemas: [`${metaSchemas}ServiceProviderConfig`],
    ...(documentationUri !== undefined && { documentationUri }),
    patch: { supported: true },
    bulk: { supported: bulk.supported, maxOperations: bulk.maxOperations, maxPayloadSize: bulk.maxPayloadSize },
    filter: { supported: true, maxResults: filter.maxResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    ...(pagination && { pagination: { ...pagination } }),
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A bearer token of one connection, sent in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      ...(tokenUrl === undefined
        ? []
        : [
            {
              type: 'oauth2',
              name: 'OAuth 2.0 Client Credentials',
              description: `Client credentials (RFC 6749 §4.4) draw bearer tokens at ${tokenUrl}`,
              specUri: 'https://www.rfc-editor.org/info/rfc6749',
              primary: false,
            },
          ]),
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  }
}

/** The document of one resource type: RFC 7643 §6. */
export function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [`${metaSchemas}ResourceType`],
    id: type.id,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${pathSegment(type.id)}` },
  }
}

/** The document of one schema: RFC 7643 §7. */
export function schemaDocument(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [`${metaSchemas}Schema`],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(renderAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${pathSegment(schema.id)}` },
  }
}

/** The schemas that the types use, each once: a type's core schema, then its extensions. */
export function schemasUsed(types: readonly ResourceType[]): Schema[] {
  const used = new Map<string, Schema>()
  for (const type of types) {
    for (const schema of [type.schema, ...type.extensions.map((extension) => extension.schema)]) {
      if (!used.has(schema.id)) used.set(schema.id, schema)
    }
  }
  return [...used.values()]
}

/** All characteristics in words, defaults included: some clients take an absent one for a fault. */
function renderAttribute(attribute: AttributeDefinition): JsonObject {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute
  const { canonicalValues, referenceTypes, subAttributes } = attribute
  return {
    name,
    type,
    multiValued,
    description,
    required,
    ...(canonicalValues && canonicalValues.length > 0 && { canonicalValues: [...canonicalValues] }),
    caseExact,
    mutability,
    returned,
    uniqueness,
    ...(referenceTypes && { referenceTypes: [...referenceTypes] }),
    ...(subAttributes && { subAttributes: subAttributes.map(renderAttribute) }),
  }
}

/** A URN keeps its colons in a path, as in the examples of RFC 7643 §8.7. */
function pathSegment(id: string): string {
  return encodeURIComponent(id).replaceAll('%3A', ':')
}
