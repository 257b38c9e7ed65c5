import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import { type AttributeReference, findAttribute, resolveAttribute } from './attributes.js'
import { urnOf } from './declared-schemas.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import { resolveFilter } from './filter.js'
import { type FilterSyntax, type PatchPath, parsePatchPath } from './filter-syntax.js'

/**
 * What a PATCH path, or a key of a value without path, points at (RFC 7644 §3.5.2, §3.10). Every segment is looked up in the schema;
 * from here on only the schema's own names are used, and the client's spelling is gone.
 */

export type AttributeTarget = {
  readonly kind: 'attribute'
  /** URN of the extension that holds the attribute; undefined for core attributes. */
  readonly urn: string | undefined
  readonly attribute: AttributeDefinition
  /** The sub-attribute the path ends at. */
  readonly sub: AttributeDefinition | undefined
  /** Selects elements of a multi-valued attribute: as written, and resolved with keys that start at the element. */
  readonly filter: FilterSyntax | undefined
  readonly where: Predicate | undefined
  /** The attribute's path in canonical spelling, without filter and sub-attribute. */
  readonly label: string
}

export type Target =
  | AttributeTarget
  | { readonly kind: 'resource' }
  | { readonly kind: 'extension'; readonly schema: Schema; readonly required: boolean }

type TargetSwitches = Pick<Switches, 'booleans' | 'dottedExtensionPaths'>

/** What is longer than any URN and name is not compared with each of them. */
const longestPath = 1_024

const reserved = /(?:^|[.:])(?:__proto__|constructor|prototype)(?:$|[.:])/i

/**
 * Resolves a path; undefined where the schema has no such attribute. Throws 400 invalidFilter, and 400 invalidPath on a malformed
 * path, a filter on what has no elements, and the names that reach into JavaScript's prototypes.
 */
export function resolveTarget(type: ResourceType, text: string, switches: TargetSwitches): Target | undefined {
  // Only a filter needs the parser: a key such as "http://…/Group" is no path, and is to be unknown rather than malformed.
  const { path, filter, sub }: PatchPath = text.includes('[') ? parsePatchPath(text) : { path: text }
  if (path.length > longestPath) return undefined
  if (reserved.test(path) || (sub !== undefined && reserved.test(sub))) {
    throw refuse('invalidPath', 'The path names something that is not an attribute.')
  }
  const plain = spelled(type, path, switches)
  const core = type.schema.id
  if (plain.toLowerCase() === core.toLowerCase() && !filter && sub === undefined) return { kind: 'resource' }
  const holder = resolveAttribute(type, plain) ?? unqualified(type, plain)
  if (!holder) return undefined
  const { definition, extension } = holder
  if (!definition) {
    if (filter || sub !== undefined) throw refuse('invalidPath', `A filter cannot follow "${holder.keys.join(':')}".`)
    const required = type.extensions.some((candidate) => candidate.schema === extension && candidate.required)
    return extension && { kind: 'extension', schema: extension, required }
  }
  const attribute = holder.parent ?? definition
  const urn = extension?.id
  const label = urn === undefined ? attribute.name : `${urn}:${attribute.name}`
  if (!filter) return { kind: 'attribute', urn, attribute, sub: holder.parent && definition, filter, where: undefined, label }
  if (holder.parent || !attribute.multiValued) throw refuse('invalidPath', `"${label}" has no list of values for a filter.`)
  const where = resolveElements(type, label, filter, switches)
  if (sub === undefined) return { kind: 'attribute', urn, attribute, sub, filter, where, label }
  const inner = findAttribute(attribute.subAttributes ?? [], sub)
  return inner && { kind: 'attribute', urn, attribute, sub: inner, filter, where, label }
}

/** The path in canonical spelling, without the filter: for messages. */
export function pathOf(target: AttributeTarget): string {
  return target.sub ? `${target.label}.${target.sub.name}` : target.label
}

/** Whether clients may not write here: RFC 7643 §2.2. */
export function isReadOnly(target: AttributeTarget): boolean {
  return target.attribute.mutability === 'readOnly' || target.sub?.mutability === 'readOnly'
}

/** The filter as a question about one element. Throws 400 invalidFilter. */
function resolveElements(type: ResourceType, path: string, filter: FilterSyntax, switches: TargetSwitches): Predicate {
  const list = resolveFilter(type, { op: 'valuePath', path, filter }, switches)
  if (list.kind !== 'any') throw refuse('invalidPath', `"${path}" has no list of values for a filter.`)
  return list.where
}

/** `manager` without its URN, as Entra sends it: RFC 7644 §3.10 only advises the URN, so one extension that has the name is enough. */
function unqualified(type: ResourceType, path: string): AttributeReference | undefined {
  const [found, ...others] = type.extensions.flatMap(({ schema }) => resolveAttribute(type, `${schema.id}:${path}`) ?? [])
  return others.length === 0 ? found : undefined
}

/** The path with SCIM 1 URNs renewed, and `urn:…:User.department`, as old Entra jobs send it, with the colon of RFC 7644 §3.10. */
function spelled(type: ResourceType, path: string, switches: TargetSwitches): string {
  const plain = path.toLowerCase().startsWith('urn:scim:') ? urnOf(path) : path
  if (switches.dottedExtensionPaths === 'refuse' || resolveAttribute(type, plain)) return plain
  const lower = plain.toLowerCase()
  const dotted = [type.schema, ...type.extensions.map((extension) => extension.schema)].find((schema) =>
    lower.startsWith(`${schema.id.toLowerCase()}.`),
  )
  return dotted ? `${dotted.id}:${plain.slice(dotted.id.length + 1)}` : plain
}
