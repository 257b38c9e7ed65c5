import type { ResourceType } from '../contract/attribute-definition.js'
import type { Sort } from '../directory/index.js'
import { findAttribute } from './attributes.js'
import { refuse } from './errors.js'
import { type Attribute, fromElement, keysOf, part, resourceLookup } from './filter-attribute.js'
import { serverMade } from './filter-server-made.js'
import { groupSchema } from './schema-group.js'
import { userSchema } from './schema-user.js'

/** sortBy and sortOrder against the schema: RFC 7644 §3.4.2.3. */

const kinds = {
  string: 'text',
  reference: 'text',
  binary: 'text',
  boolean: 'boolean',
  integer: 'number',
  decimal: 'number',
  dateTime: 'instant',
} as const

/** Lists that are rows of their own, by the schema that has them. */
const rowLists: ReadonlyMap<string, string> = new Map([
  [userSchema.id, 'groups'],
  [groupSchema.id, 'members'],
])

/** Ascending unless `sortOrder` says otherwise. Throws 400 invalidValue. */
export function resolveSort(type: ResourceType, sortBy: string, sortOrder: string | undefined): Sort {
  const attribute = sortable(type, sortBy.trim())
  const { definition } = attribute
  if (!definition || definition.type === 'complex') throw unsortable(attribute.name, 'name one of its sub-attributes')
  const inside = fromElement(attribute)
  if (inside && fromElement(inside.element)) throw unsortable(attribute.name, 'it is a list in a list')
  return {
    kind: kinds[definition.type],
    caseExact: definition.caseExact || definition.type === 'reference' || definition.type === 'binary',
    ...(inside && { list: inside.list }),
    keys: keysOf(inside?.element ?? attribute),
    order: readOrder(sortOrder),
  }
}

function sortable(type: ResourceType, sortBy: string): Attribute {
  const named = resourceLookup(type)(sortBy)
  if (!named) throw refuse('invalidValue', `sortBy names "${sortBy.slice(0, 200)}", which is no attribute of ${type.name}.`)
  const value = findAttribute(named.parts, 'value')
  const attribute = named.definition?.type === 'complex' && value ? part(named, value) : named
  const [first] = keysOf(attribute)
  if (attribute.secret) throw unsortable(attribute.name, 'it can never be read')
  if (first !== undefined && rowLists.get(type.schema.id) === first) throw unsortable(attribute.name, 'it has no order')
  if (serverMade(type, attribute)) throw unsortable(attribute.name, 'it is made for the answer')
  return attribute
}

function unsortable(name: string, because: string): Error {
  return refuse('invalidValue', `Resources cannot be sorted by "${name}": ${because}.`)
}

function readOrder(sortOrder: string | undefined): Sort['order'] {
  const order = sortOrder?.trim().toLowerCase() ?? 'ascending'
  if (order === 'ascending' || order === 'descending') return order
  throw refuse('invalidValue', 'sortOrder must be "ascending" or "descending".')
}
