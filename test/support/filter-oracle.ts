import type { AttributeDefinition, ResourceType } from '../../src/contract/attribute-definition.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import type { FilterSyntax, FilterValue } from '../../src/scim/filter-syntax.js'
import { commonAttributes } from '../../src/scim/schema-common.js'

/**
 * What a filter means, said a second time and naively: over whole SCIM documents as a GET shows them, in memory, by RFC 7644
 * §3.4.2.2 alone. Shares no code with the filter under test but the definitions of the attributes.
 */

/** What a path leads to in one document: one entry a value, undefined for a single value that is absent. */
type Found = { readonly definition: AttributeDefinition | undefined; readonly values: readonly (Json | undefined)[] }

export function matches(type: ResourceType, document: JsonObject, filter: FilterSyntax): boolean {
  const root = [...commonAttributes, ...type.schema.attributes]
  return holds(filter, (path) => {
    for (const { schema } of type.extensions) {
      if (!path.toLowerCase().startsWith(schema.id.toLowerCase())) continue
      const rest = path.slice(schema.id.length + 1)
      if (rest === '') return { definition: undefined, values: [document[schema.id]] }
      return follow(schema.attributes, rest, document[schema.id])
    }
    const core = `${type.schema.id.toLowerCase()}:`
    return follow(root, path.toLowerCase().startsWith(core) ? path.slice(core.length) : path, document)
  })
}

function follow(definitions: readonly AttributeDefinition[], path: string, from: Json | undefined): Found {
  let level = definitions
  let values = [from]
  let definition: AttributeDefinition | undefined
  for (const name of path.split('.')) {
    definition = level.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
    if (!definition) throw new Error(`the oracle knows no ${path}`)
    const { name: key, multiValued } = definition
    values = values.flatMap((value) => {
      const child = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined
      return multiValued ? ((child ?? []) as Json[]) : [child]
    })
    level = (definition.subAttributes ?? []) as AttributeDefinition[]
  }
  return { definition, values }
}

function holds(filter: FilterSyntax, find: (path: string) => Found): boolean {
  switch (filter.op) {
    case 'and':
      return filter.terms.every((term) => holds(term, find))
    case 'or':
      return filter.terms.some((term) => holds(term, find))
    case 'not':
      return !holds(filter.term, find)
    case 'valuePath': {
      const { definition, values } = find(filter.path)
      const inner = (definition?.subAttributes ?? []) as AttributeDefinition[]
      const isPlain = inner.length === 0
      return values.some((value) =>
        holds(filter.filter, (path) => (isPlain && definition ? { definition, values: [value] } : follow(inner, path, value))),
      )
    }
    case 'pr':
      return find(filter.path).values.some(isThere)
    default: {
      const { op, value } = filter
      const found = find(filter.path)
      if (value === null) return found.values.some(isThere) === (op === 'ne')
      const { definition, values } = found.definition?.type === 'complex' ? insideOf(found) : found
      if (!definition) throw new Error('the oracle compares no extension')
      return values.some((single) => compare(definition, op, single, value))
    }
  }
}

function insideOf(found: Found): Found {
  const definition = found.definition?.subAttributes?.find((sub) => sub.name === 'value') as AttributeDefinition | undefined
  const inside = (value: Json | undefined) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value.value : undefined
  return { definition, values: found.values.map(inside) }
}

function isThere(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false
  return typeof value === 'object' ? Object.values(value).some(isThere) : true
}

function compare(
  definition: AttributeDefinition,
  op: string,
  value: Json | undefined,
  literal: Exclude<FilterValue, null>,
): boolean {
  if (value === undefined || value === null) return op === 'ne'
  const left = canonical(definition, value)
  const wanted = typeof literal === 'object' ? literal.bare : literal
  // One name with and without space around it cannot be two users, so each finds the other.
  const isWholeName = definition.name === 'userName' && !['co', 'sw', 'ew'].includes(op)
  const right = canonical(definition, isWholeName ? String(wanted).trim() : wanted)
  if (op === 'eq') return left === right
  if (op === 'ne') return left !== right
  if (op === 'co') return String(left).includes(String(right))
  if (op === 'sw') return String(left).startsWith(String(right))
  if (op === 'ew') return String(left).endsWith(String(right))
  const order = inOrder(left, right)
  return op === 'gt' ? order > 0 : op === 'ge' ? order >= 0 : op === 'lt' ? order < 0 : order <= 0
}

type Comparable = string | number | bigint | boolean

/** Negative, 0 or positive; text by code points, which is how UTF-8 bytes sort. */
function inOrder(left: Comparable, right: Comparable): number {
  if (typeof left === 'string' && typeof right === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return left < right ? -1 : left > right ? 1 : 0
}

function canonical(definition: AttributeDefinition, value: Json): Comparable {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  const text = String(value)
  if (definition.type === 'boolean') return text.toLowerCase() === 'true'
  if (definition.type === 'dateTime') return microseconds(text)
  if (definition.name === 'schemas') return text.toLowerCase()
  const isExact = definition.caseExact || definition.type === 'reference' || definition.type === 'binary'
  return isExact ? text : text.normalize('NFKC').toLowerCase().normalize('NFKC')
}

function microseconds(dateTime: string): bigint {
  const parts = /^(.{19})(?:\.(\d{1,6}))?(.*)$/.exec(dateTime)
  const seconds = new Date(`${parts?.[1]}${parts?.[3] || 'Z'}`).getTime()
  return BigInt(seconds) * 1000n + BigInt((parts?.[2] ?? '').padEnd(6, '0'))
}

/** Ids in the order RFC 7644 §3.4.2.3 asks for: by the primary or else first value, absent ones last when ascending. */
export function sorted(
  type: ResourceType,
  documents: readonly JsonObject[],
  path: string,
  order: 'ascending' | 'descending',
): string[] {
  const extension = type.extensions.find(({ schema }) => path.startsWith(`${schema.id}:`))?.schema
  const definitions = extension?.attributes ?? [...commonAttributes, ...type.schema.attributes]
  const rest = extension ? path.slice(extension.id.length + 1) : path
  const keyed = documents.map((document) => {
    const holder = extension ? document[extension.id] : document
    const found = follow(definitions, rest, withOneValue(holder, rest.split('.')[0] ?? ''))
    const { definition, values } = found.definition?.type === 'complex' ? insideOf(found) : found
    const value = values[0]
    return { id: String(document.id), key: definition && value !== undefined ? canonical(definition, value) : undefined }
  })
  keyed.sort((one, other) => {
    if (one.key === undefined || other.key === undefined) {
      return Number(one.key === undefined) - Number(other.key === undefined) || inOrder(one.id, other.id)
    }
    return inOrder(one.key, other.key) || inOrder(one.id, other.id)
  })
  if (order === 'descending') keyed.reverse()
  return keyed.map((one) => one.id)
}

/** The object with only the deciding element in its list. */
function withOneValue(holder: Json | undefined, name: string): Json | undefined {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return holder
  const list = holder[name]
  return Array.isArray(list) ? { ...holder, [name]: [list.find(isPrimary) ?? list[0] ?? []].flat() } : holder
}

const isPrimary = (element: Json) =>
  typeof element === 'object' && element !== null && !Array.isArray(element) && element.primary === true
