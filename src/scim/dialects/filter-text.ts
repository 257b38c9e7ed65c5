import type { AttributeDefinition } from '../../contract/attribute-definition.js'
import { findAttribute } from '../attributes.js'
import type { FilterSyntax, FilterValue } from '../filter-syntax.js'

/** The filter of a PATCH path as RFC 7644 §3.4.2.2 spells it, whatever the client's spelling was. */

/** `parts` are the sub-attributes that the filter, already checked against them, asks about. */
export function filterText(filter: FilterSyntax, parts: readonly AttributeDefinition[]): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.map((term) => grouped(term, parts)).join(` ${filter.op} `)
    case 'not':
      return `not (${filterText(filter.term, parts)})`
    case 'valuePath':
      return `${filter.path}[${filterText(filter.filter, parts)}]`
    case 'pr':
      return `${nameOf(filter.path, parts)} pr`
    default:
      return `${nameOf(filter.path, parts)} ${filter.op} ${literal(filter.value, findAttribute(parts, filter.path))}`
  }
}

function grouped(filter: FilterSyntax, parts: readonly AttributeDefinition[]): string {
  const text = filterText(filter, parts)
  return filter.op === 'and' || filter.op === 'or' ? `(${text})` : text
}

/** `value` of a simple list is the element itself and has no definition. */
function nameOf(path: string, parts: readonly AttributeDefinition[]): string {
  return findAttribute(parts, path)?.name ?? path.toLowerCase()
}

function literal(value: FilterValue, definition: AttributeDefinition | undefined): string {
  const plain = typeof value === 'object' && value !== null ? value.bare : value
  return definition?.type === 'boolean' && typeof plain === 'string' ? plain.toLowerCase() : JSON.stringify(plain)
}
