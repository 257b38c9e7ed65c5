import type { ResourceType } from '../contract/attribute-definition.js'
import type { CustomResource, ResourceInput } from '../directory/index.js'
import type { JsonObject } from '../platform/json.js'
import { etagOf } from './etag.js'
import { schemasOf } from './projection.js'
import { secretPathsOf } from './secrets.js'
import { uniqueValuesOf } from './unique-values.js'

/** A resource of a declared type between the directory's noun and the SCIM resource: pure, both ways. */

/** What PATCH and PUT work on. */
export function customAttributes({ externalId, profile }: CustomResource): JsonObject {
  return { ...(externalId !== null && { externalId }), ...profile }
}

/** The whole resource, before projection. `baseUrl` has no slash at its end. References stand in it as they were sent. */
export function customResource(type: ResourceType, resource: CustomResource, baseUrl: string): JsonObject {
  const attributes = customAttributes(resource)
  return {
    schemas: schemasOf(type, attributes),
    id: resource.id,
    ...attributes,
    meta: {
      resourceType: type.name,
      created: resource.createdAt.toISOString(),
      lastModified: resource.updatedAt.toISOString(),
      location: `${baseUrl}${type.endpoint}/${resource.id}`,
      version: etagOf(resource.version),
    },
  }
}

/** What a validated document asks of the directory. */
export function customInput(type: ResourceType, document: JsonObject): ResourceInput {
  const { externalId, ...profile } = document
  return {
    externalId: typeof externalId === 'string' ? externalId : null,
    profile,
    unique: uniqueValuesOf(type, profile, [type.schema]),
    secrets: secretPathsOf(type),
  }
}
