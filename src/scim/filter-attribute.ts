import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import { type AttributeReference, findAttribute, resolveAttribute } from './attributes.js'
import { isSecret } from './secrets.js'

/**
 * The attributes a filter or sort may name, with the way to their values: which of the steps from the root lead through a list
 * (RFC 7644 §3.4.2.2: a filter matches if any of the values does).
 */

/** Canonical keys, as the directory's predicates take them. */
export type Keys = readonly string[]

/** One step down a document; `many` where a list lies there. */
type Step = { readonly keys: Keys; readonly many: boolean }

export type Attribute = {
  /** As refusals call it. */
  readonly name: string
  readonly steps: readonly Step[]
  /** Undefined for a whole extension. */
  readonly definition: AttributeDefinition | undefined
  /** What a complex attribute or an extension consists of; empty for simple ones. */
  readonly parts: readonly AttributeDefinition[]
  /** Whether its value never leaves the server, so that no filter may tell it either (RFC 7643 §7). */
  readonly secret: boolean
}

/** What a name can mean at one place: in a resource, or in an element of a value path. */
export type Lookup = (path: string) => Attribute | undefined

export function resourceLookup(type: ResourceType): Lookup {
  return (path) => {
    const found = resolveAttribute(type, path) ?? resolveUnqualified(type, path)
    if (!found) return undefined
    const { keys, definition, parent, extension } = found
    if (!definition) {
      return { name: path, steps: [{ keys, many: false }], definition, parts: extension?.attributes ?? [], secret: false }
    }
    if (!parent) return attribute(path, [{ keys, many: definition.multiValued }], definition)
    const outer = attribute(path, [{ keys: keys.slice(0, -1), many: parent.multiValued }], parent)
    return { ...part(outer, definition), name: path }
  }
}

// Entra asks `manager eq "…"` without the URN (RFC 7644 §3.10 wants it): understood where one extension alone has such an attribute.
function resolveUnqualified(type: ResourceType, path: string): AttributeReference | undefined {
  const [found, ...others] = type.extensions.flatMap(({ schema }) => resolveAttribute(type, `${schema.id}:${path}`) ?? [])
  return others.length === 0 ? found : undefined
}

function attribute(name: string, steps: readonly Step[], definition: AttributeDefinition): Attribute {
  return { name, steps, definition, parts: definition.subAttributes ?? [], secret: isSecret(definition) }
}

/** An attribute of a complex attribute or extension. */
export function part(whole: Attribute, definition: AttributeDefinition): Attribute {
  const separator = whole.definition ? '.' : ':'
  const inner = attribute(
    `${whole.name}${separator}${definition.name}`,
    [...whole.steps, { keys: [definition.name], many: definition.multiValued }],
    definition,
  )
  return { ...inner, secret: inner.secret || whole.secret }
}

/** The parts of `whole` by name, as a value path's filter names them. `value` of a simple list is the element (RFC 7643 §2.4). */
export function partLookup(whole: Attribute): Lookup {
  return (path) => {
    const definition = findAttribute(whole.parts, path)
    if (definition) return part(whole, definition)
    const isSelf = whole.definition?.multiValued && whole.parts.length === 0 && path.toLowerCase() === 'value'
    return isSelf ? whole : undefined
  }
}

/** The first list on the way, and the attribute as seen from an element of it. Undefined where no list is on the way. */
export function fromElement(whole: Attribute): { list: Keys; element: Attribute } | undefined {
  const first = whole.steps.findIndex((step) => step.many)
  if (first === -1) return undefined
  const list = whole.steps.slice(0, first + 1).flatMap((step) => step.keys)
  return { list, element: { ...whole, steps: [{ keys: [], many: false }, ...whole.steps.slice(first + 1)] } }
}

/** Asks `about` every value the steps lead to: in nested `any` where they lead through lists. */
export function reach(whole: Attribute, about: (keys: Keys) => Predicate): Predicate {
  const inside = fromElement(whole)
  if (inside) return { kind: 'any', keys: inside.list, where: reach(inside.element, about) }
  return about(keysOf(whole))
}

/** Keys from where the steps start: the root, or the element that `fromElement` gave. */
export function keysOf(whole: Attribute): Keys {
  return whole.steps.flatMap((step) => step.keys)
}

/** Whether the keys start at an element and not at the root, where names such as `schemas` have a meaning of their own. */
export function isLocal(whole: Attribute): boolean {
  return whole.steps[0]?.keys.length === 0
}
