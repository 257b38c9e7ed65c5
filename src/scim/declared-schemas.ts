import type { ResourceType } from '../contract/attribute-definition.js'
import type { Json } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'

/** The `schemas` attribute of what clients send: RFC 7643 §3. */

const oldPrefix = 'urn:scim:schemas:'
const prefix = 'urn:ietf:params:scim:schemas:'

/** A schema URN in lower case, with the prefix of SCIM 1 drafts (OneLogin sends it) replaced by today's. */
export function urnOf(urn: string): string {
  const lower = urn.toLowerCase()
  return lower.startsWith(oldPrefix) ? prefix + lower.slice(oldPrefix.length) : lower
}

/**
 * Checks that `schemas` is a list of URNs that names the type's core schema. URNs beyond the type's own are tolerated (Entra adds
 * and misspells some) unless the switch refuses what is outside the schema. Throws 400 invalidSyntax.
 */
export function readSchemas(type: ResourceType, schemas: Json | undefined, switches: Pick<Switches, 'unknownAttributes'>): void {
  const hint = `"schemas" must be a list that contains "${type.schema.id}".`
  if (!Array.isArray(schemas) || schemas.length === 0) throw refuse('invalidSyntax', hint)
  const urns = schemas.map((urn) => {
    if (typeof urn !== 'string') throw refuse('invalidSyntax', hint)
    return urnOf(urn)
  })
  const core = type.schema.id.toLowerCase()
  // OneLogin leaves the resource name away: urn:scim:schemas:core:2.0
  const short = `${prefix}core:2.0`
  if (!urns.some((urn) => urn === core || (urn === short && core.startsWith(`${short}:`)))) throw refuse('invalidSyntax', hint)
  if (switches.unknownAttributes === 'ignore') return
  const known = new Set([core, short, ...type.extensions.map((extension) => extension.schema.id.toLowerCase())])
  const stranger = schemas.find((urn) => typeof urn === 'string' && !known.has(urnOf(urn)))
  if (typeof stranger === 'string')
    throw refuse('invalidSyntax', `"schemas" names "${stranger.slice(0, 200)}", which a ${type.name} does not have.`)
}
