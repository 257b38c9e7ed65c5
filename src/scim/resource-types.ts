import type { ResourceType } from '../contract/attribute-definition.js'
import { enterpriseUserSchema } from './schema-enterprise-user.js'
import { groupSchema } from './schema-group.js'
import { userSchema } from './schema-user.js'

/** The resource types this server has from the start (RFC 7643 §6), and how an organization adds schemas of its own to one. */

export const userType: ResourceType = {
  id: 'User',
  name: 'User',
  endpoint: '/Users',
  description: 'User account',
  schema: userSchema,
  extensions: [{ schema: enterpriseUserSchema, required: false }],
}

export const groupType: ResourceType = {
  id: 'Group',
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: groupSchema,
  extensions: [],
}

/**
 * The type with an organization's own extension schemas after the built-in ones. A URN that the type already bears, in whatever
 * case, keeps its built-in schema: an organization adds, it never redefines.
 */
export function withExtensions(type: ResourceType, extensions: ResourceType['extensions']): ResourceType {
  const all = [...type.extensions]
  for (const extension of extensions) {
    const urn = extension.schema.id.toLowerCase()
    const taken = [type.schema, ...all.map((known) => known.schema)].some((schema) => schema.id.toLowerCase() === urn)
    if (!taken) all.push(extension)
  }
  return { ...type, extensions: all }
}
