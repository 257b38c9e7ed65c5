import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import type { Keys } from './filter-attribute.js'
import type { CompareOperator, FilterValue } from './filter-syntax.js'
import { readNumber } from './filter-tokens.js'
import { isDateTime } from './value.js'

/** A literal against the type of the attribute it is compared with: what does not fit is 400 invalidFilter (RFC 7644 §3.4.2.2). */

export type FilterSwitches = Pick<Switches, 'booleans'>

/** A predicate about one value. */
export type Comparison = Extract<Predicate, { readonly op: string }>

type Term = { readonly name: string; readonly op: CompareOperator; readonly value: Exclude<FilterValue, null> }

/** The comparison of the value at `keys`. References and binaries are case exact whatever they declare (RFC 7643 §2.3.6–7). */
export function readComparison(definition: AttributeDefinition, keys: Keys, term: Term, switches: FilterSwitches): Comparison {
  switch (definition.type) {
    case 'boolean':
      return { kind: 'boolean', keys, op: equality(term, 'true or false'), value: readBoolean(term, switches) }
    case 'integer':
    case 'decimal':
      return { kind: 'number', keys, op: order(term, 'a number'), value: readNumeric(term, definition.type) }
    case 'dateTime':
      return { kind: 'instant', keys, op: order(term, 'a date and time'), value: readInstant(term) }
    case 'binary':
      if (['gt', 'ge', 'lt', 'le'].includes(term.op)) throw wrongOperator(term, 'binary')
      return { kind: 'text', keys, op: term.op, caseExact: true, value: readText(term) }
    case 'string':
    case 'reference': {
      const caseExact = definition.caseExact || definition.type === 'reference'
      return { kind: 'text', keys, op: term.op, caseExact, value: readText(term) }
    }
    case 'complex':
      throw refuse(
        'invalidFilter',
        `"${term.name}" has sub-attributes; name one of them in the filter, such as ${example(term.name, definition)}.`,
      )
  }
}

const example = (name: string, definition: AttributeDefinition) => `"${name}.${definition.subAttributes?.[0]?.name ?? 'value'}"`

function wrongOperator({ name, op }: Term, type: string): Error {
  return refuse('invalidFilter', `"${name}" is ${type}, which "${op}" cannot compare.`)
}

function order(term: Term, type: string): Exclude<CompareOperator, 'co' | 'sw' | 'ew'> {
  if (term.op === 'co' || term.op === 'sw' || term.op === 'ew') throw wrongOperator(term, type)
  return term.op
}

function equality(term: Term, type: string): 'eq' | 'ne' {
  if (term.op !== 'eq' && term.op !== 'ne') throw wrongOperator(term, type)
  return term.op
}

function misfit(term: Term, wanted: string): Error {
  return refuse('invalidFilter', `"${term.name}" must be compared with ${wanted}.`)
}

const isTruth = (text: string) => /^(?:true|false)$/i.test(text)

function readText(term: Term): string {
  const { value } = term
  if (typeof value === 'string') return value
  if (typeof value === 'object' && !isTruth(value.bare)) return value.bare
  throw misfit(term, 'text in double quotes')
}

function readBoolean(term: Term, switches: FilterSwitches): boolean {
  const { value } = term
  if (typeof value === 'boolean') return value
  const text = typeof value === 'object' ? value.bare : value
  if (switches.booleans === 'strings' && typeof text === 'string' && isTruth(text)) return text.toLowerCase() === 'true'
  throw misfit(term, 'true or false, in lower case and without quotes')
}

function readNumeric(term: Term, type: 'integer' | 'decimal'): number {
  const value = typeof term.value === 'object' ? readNumber(term.value.bare) : term.value
  if (typeof value === 'number' && (type === 'decimal' || Number.isInteger(value))) return value
  throw misfit(term, type === 'integer' ? 'a whole number without quotes' : 'a number without quotes')
}

function readInstant(term: Term): string {
  const value = typeof term.value === 'object' ? term.value.bare : term.value
  if (typeof value === 'string' && isDateTime(value)) return value
  throw misfit(term, 'a date and time such as "2024-05-31T08:00:00Z"')
}
