import type { ResourceType } from '../../contract/attribute-definition.js'
import type { Json, JsonObject } from '../../platform/json.js'
import { type PatchPlan, planPatch, readPatch } from '../patch.js'
import { userSchema } from '../schema-user.js'
import { readDocument } from '../validate.js'
import { withRoleObjects } from './role-texts.js'
import type { Switches } from './switches.js'

/**
 * The dialect of a connection meets a body here and nowhere else: what was sent, by whatever habit, comes out in the schema's own
 * names, types and operations, and the engine behind knows no client. What it cannot mean is refused here too, before anything is
 * locked or read.
 */

/** The body of a POST or PUT as a document of the schema. Throws 400 invalidSyntax or invalidValue. */
export function canonicalDocument(type: ResourceType, body: Json, switches: Switches): JsonObject {
  return readDocument(type, plainRoles(type, body, switches), switches)
}

/** The body of a PATCH as operations on attributes of the schema. Throws 400 with the scimType of RFC 7644 §3.12, or 413. */
export function canonicalPatch(type: ResourceType, body: Json, switches: Switches): PatchPlan {
  return planPatch(type, readPatch(plainRoles(type, body, switches), switches), switches)
}

function plainRoles(type: ResourceType, body: Json, switches: Switches): Json {
  return switches.roleTexts === 'json' && type.schema.id === userSchema.id ? withRoleObjects(body) : body
}
