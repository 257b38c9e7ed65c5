import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import { findAttribute } from './attributes.js'
import { refuse } from './errors.js'
import { type Attribute, fromElement, keysOf, type Lookup, part, partLookup, reach, resourceLookup } from './filter-attribute.js'
import { type FilterSwitches, readComparison } from './filter-literal.js'
import { serverMade } from './filter-server-made.js'
import type { CompareOperator, FilterSyntax, FilterValue } from './filter-syntax.js'

export { resolveSort } from './sort.js'

/**
 * A filter's names and literals against the schema (RFC 7644 §3.4.2.2). What comes out asks about attributes that exist, may be
 * read by the caller, and are compared with values of their own type; anything else is 400 invalidFilter. `null` means absent.
 */

type Place = {
  readonly type: ResourceType
  readonly lookup: Lookup
  readonly switches: FilterSwitches
  readonly within?: Attribute
}

/** A filter over resources of `type`. */
export function resolveFilter(type: ResourceType, syntax: FilterSyntax, switches: FilterSwitches): Predicate {
  return resolve(syntax, { type, lookup: resourceLookup(type), switches })
}

function resolve(syntax: FilterSyntax, place: Place): Predicate {
  switch (syntax.op) {
    case 'and':
    case 'or':
      return { kind: syntax.op, of: syntax.terms.map((term) => resolve(term, place)) }
    case 'not':
      return { kind: 'not', of: resolve(syntax.term, place) }
    case 'valuePath':
      return resolveValuePath(find(place, syntax.path), syntax.filter, place)
    case 'pr':
      return present(stored(find(place, syntax.path)), place.type)
    default:
      return compare(find(place, syntax.path), syntax.op, syntax.value, place)
  }
}

function find({ lookup, type, within }: Place, path: string): Attribute {
  const found = lookup(path)
  if (!found) {
    const owner = within ? `"${within.name}"` : type.name
    throw refuse('invalidFilter', `The filter names "${path.slice(0, 200)}", which is no attribute of ${owner}.`)
  }
  if (found.secret) throw refuse('invalidFilter', `"${found.name}" can never be read, so a filter cannot ask about it either.`)
  return found
}

function resolveValuePath(attribute: Attribute, filter: FilterSyntax, place: Place): Predicate {
  const isList = attribute.definition?.multiValued && !serverMade(place.type, attribute)
  if (attribute.definition?.type !== 'complex' && !isList) {
    throw refuse('invalidFilter', `"${attribute.name}" has no sub-attributes that a filter in brackets could ask about.`)
  }
  const inside = fromElement(attribute)
  const element = inside?.element ?? attribute
  const where = resolve(filter, { ...place, lookup: partLookup(element), within: element })
  return inside ? { kind: 'any', keys: inside.list, where } : where
}

function compare(attribute: Attribute, op: CompareOperator, value: FilterValue, place: Place): Predicate {
  if (value === null) {
    if (op !== 'eq' && op !== 'ne') throw refuse('invalidFilter', `"${attribute.name}" can be eq or ne null, but not ${op} null.`)
    const there = present(stored(attribute), place.type)
    return op === 'ne' ? there : { kind: 'not', of: there }
  }
  const target = comparable(attribute, op)
  const read = (definition: AttributeDefinition, keys: readonly string[]) =>
    readComparison(definition, keys, { name: attribute.name, op, value }, place.switches)
  const { definition } = target
  if (!definition) throw refuse('invalidFilter', `"${attribute.name}" is a schema extension; name one of its attributes.`)
  const made = serverMade(place.type, target)
  if (made) return made.compare(read(definition, keysOf(target)))
  return reach(target, (keys) => read(definition, keys))
}

/** A complex attribute is compared by its `value`, where it has one: `emails co "@example.com"`, `manager eq "…"`. */
function comparable(attribute: Attribute, op: CompareOperator): Attribute {
  const { definition } = attribute
  if (definition?.type !== 'complex') return stored(attribute)
  if (['gt', 'ge', 'lt', 'le'].includes(op)) {
    throw refuse('invalidFilter', `"${attribute.name}" is complex and has no order; name one of its sub-attributes.`)
  }
  const value = findAttribute(attribute.parts, 'value')
  if (!value) return attribute
  const target = part(attribute, value)
  if (target.secret) throw refuse('invalidFilter', `"${target.name}" can never be read, so a filter cannot ask about it either.`)
  return target
}

// The server writes the URI of what `value` names into the answer; nothing of it is stored.
function stored(attribute: Attribute): Attribute {
  if (keysOf(attribute).at(-1) === '$ref') {
    throw refuse('invalidFilter', `"${attribute.name}" is written by the server into its answers; filter by "value" instead.`)
  }
  return attribute
}

/** Whether there is a value; for complex attributes and extensions, whether any part has one. */
function present(attribute: Attribute, type: ResourceType): Predicate {
  const { definition, parts } = attribute
  if (serverMade(type, attribute)) return { kind: 'const', value: true }
  if (definition && definition.type !== 'complex') return reach(attribute, (keys) => ({ kind: 'present', keys }))
  const inside = fromElement(attribute)
  const whole = inside?.element ?? attribute
  const readable = parts.map((inner) => part(whole, inner)).filter((inner) => !inner.secret)
  const where: Predicate = { kind: 'or', of: readable.map((inner) => present(inner, type)) }
  return inside ? { kind: 'any', keys: inside.list, where } : where
}
