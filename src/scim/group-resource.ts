import type { ResourceType } from '../contract/attribute-definition.js'
import type { Group, GroupInput, Member } from '../directory/index.js'
import type { JsonObject } from '../platform/json.js'
import { etagOf } from './etag.js'
import { isObject } from './keys.js'
import type { MemberDelta } from './patch-members.js'
import { schemasOf } from './projection.js'
import { secretPathsOf } from './secrets.js'
import { uniqueValuesOf } from './unique-values.js'

/** A group between the directory's noun and the SCIM resource: pure, both ways. Members are rows and come separately. */

export function groupAttributes({ displayName, externalId, profile }: Group): JsonObject {
  const attributes: JsonObject = externalId === null ? {} : { externalId }
  return Object.assign(attributes, { displayName }, profile)
}

function memberReference({ id, type, displayName }: Member, baseUrl: string): JsonObject {
  const $ref = `${baseUrl}/${type}s/${id}`
  return displayName === null ? { value: id, $ref, type } : { value: id, $ref, display: displayName, type }
}

/** The whole resource, before projection; without `members` where they were not loaded. */
export function groupResource(
  type: ResourceType,
  group: Group,
  members: readonly Member[] | undefined,
  baseUrl: string,
): JsonObject {
  const resource: JsonObject = { schemas: schemasOf(type, group.profile), id: group.id }
  Object.assign(resource, groupAttributes(group))
  if (members && members.length > 0) resource.members = members.map((member) => memberReference(member, baseUrl))
  resource.meta = {
    resourceType: type.name,
    created: group.createdAt.toISOString(),
    lastModified: group.updatedAt.toISOString(),
    location: `${baseUrl}${type.endpoint}/${group.id}`,
    version: etagOf(group.version),
  }
  return resource
}

/** What a validated document asks of the directory, its members aside. */
export function groupInput(type: ResourceType, document: JsonObject): GroupInput {
  const { displayName, externalId, members: _rows, ...profile } = document
  return {
    displayName: typeof displayName === 'string' ? displayName : '',
    externalId: typeof externalId === 'string' ? externalId : null,
    profile,
    unique: uniqueValuesOf(type, profile),
    secrets: secretPathsOf(type),
  }
}

/** A new group's document without the members that do not exist yet, and what adds these later. */
export function postponeMembers(
  document: JsonObject,
  absent: ReadonlySet<string>,
): { document: JsonObject; members: MemberDelta[] } {
  const late = memberIds(document).filter((id) => absent.has(id))
  if (late.length === 0 || !Array.isArray(document.members)) return { document, members: [] }
  const present = document.members.filter((member) => !isObject(member) || !absent.has(String(member.value)))
  return { document: { ...document, members: present }, members: [{ kind: 'add', values: late.map((value) => ({ value })) }] }
}

/** The member ids a document lists, in its order. */
export function memberIds(document: JsonObject): string[] {
  const members = Array.isArray(document.members) ? document.members : []
  return members.flatMap((member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) && typeof member.value === 'string'
      ? [member.value]
      : [],
  )
}
