import type { FilterSyntax, FilterValue } from '../../src/scim/filter-syntax.js'

/** Writes a filter as text, one of the many ways: `odd` flips the case of operators and the use of escapes. */
export function filterText(filter: FilterSyntax, odd = false): string {
  const keyword = (word: string) => (odd ? word.toUpperCase() : word)
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.map((term) => grouped(term, odd)).join(` ${keyword(filter.op)} `)
    case 'not':
      return `${keyword('not')} (${filterText(filter.term, odd)})`
    case 'valuePath':
      return `${filter.path}[${filterText(filter.filter, odd)}]`
    case 'pr':
      return `${filter.path} ${keyword('pr')}`
    default:
      return `${filter.path} ${keyword(filter.op)} ${literal(filter.value, odd)}`
  }
}

const grouped = (filter: FilterSyntax, odd: boolean) =>
  filter.op === 'and' || filter.op === 'or' ? `(${filterText(filter, odd)})` : filterText(filter, odd)

function literal(value: FilterValue, odd: boolean): string {
  if (typeof value === 'object' && value !== null) return value.bare
  if (typeof value !== 'string' || !odd) return JSON.stringify(value)
  return `"${[...value].map((char) => escaped(char)).join('')}"`
}

const escaped = (char: string) =>
  char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
