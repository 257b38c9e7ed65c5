import type { ResourceType } from '../contract/attribute-definition.js'
import type { GroupOfUser, User, UserInput } from '../directory/index.js'
import type { JsonObject } from '../platform/json.js'
import { etagOf } from './etag.js'
import { schemasOf } from './projection.js'
import { secretPathsOf } from './secrets.js'
import { uniqueValuesOf } from './unique-values.js'

/** A user between the directory's noun and the SCIM resource: pure, both ways. */

/** Adds to a profile the attributes this server keeps in columns; what PATCH and PUT work on. */
export function userAttributes(user: User): JsonObject {
  const { userName, active, externalId, profile } = user
  return { ...(externalId !== null && { externalId }), userName, active, ...profile }
}

/** The whole resource, before projection. `baseUrl` has no slash at its end. */
export function userResource(type: ResourceType, user: User, groups: readonly GroupOfUser[], baseUrl: string): JsonObject {
  const attributes = userAttributes(user)
  return {
    schemas: schemasOf(type, attributes),
    id: user.id,
    ...attributes,
    ...(groups.length > 0 && {
      groups: groups.map((group) => ({
        value: group.id,
        $ref: `${baseUrl}/Groups/${group.id}`,
        display: group.displayName,
        type: group.type,
      })),
    }),
    meta: {
      resourceType: type.name,
      created: user.createdAt.toISOString(),
      lastModified: user.updatedAt.toISOString(),
      location: `${baseUrl}${type.endpoint}/${user.id}`,
      version: etagOf(user.version, groups),
    },
  }
}

/**
 * What a validated document asks of the directory. Where it does not say `active`, `otherwise` stands: a client that leaves it out of
 * a PUT does not mean to let somebody in again. A password is dropped here: this server has no password sync.
 */
export function userInput(type: ResourceType, document: JsonObject, otherwise: { active: boolean }): UserInput {
  const { userName, active, externalId, password: _dropped, ...profile } = document
  return {
    userName: typeof userName === 'string' ? userName : '',
    active: typeof active === 'boolean' ? active : otherwise.active,
    externalId: typeof externalId === 'string' ? externalId : null,
    profile,
    unique: uniqueValuesOf(type, profile),
    secrets: secretPathsOf(type),
  }
}
