import type { ResourceType } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import { refuse } from './errors.js'
import { type Attribute, isLocal, keysOf } from './filter-attribute.js'
import type { Comparison } from './filter-literal.js'

/**
 * Attributes that are in every answer but in no row: `schemas` and parts of `meta`. The resource type is known before any row is
 * read; which extensions a resource uses is a question about its document; URI and ETag depend on more than a filter sees.
 */

export type ServerMade = { readonly compare: (comparison: Comparison) => Predicate }

const known = (name: string, comparison: Comparison): Predicate => ({ kind: 'const', value: holds(name, comparison) })

/** How an attribute is compared, where it is one of these; they are always present. */
export function serverMade(type: ResourceType, attribute: Attribute): ServerMade | undefined {
  switch (isLocal(attribute) ? '' : keysOf(attribute).join('.')) {
    case 'schemas':
      return { compare: (comparison) => compareSchemas(type, comparison) }
    case 'meta.resourceType':
      return { compare: (comparison) => known(type.name, comparison) }
    case 'meta.location':
      return { compare: refused('meta.location', 'the end of the URI is the id: filter by "id"') }
    case 'meta.version':
      return { compare: refused('meta.version', 'send it as If-Match or If-None-Match') }
    default:
      return undefined
  }
}

function refused(name: string, instead: string): ServerMade['compare'] {
  return () => {
    throw refuse('invalidFilter', `"${name}" cannot be used in a filter; ${instead}.`)
  }
}

/** Any of the schemas a resource lists satisfies the comparison. URNs compare without case (RFC 8141 §3). */
function compareSchemas(type: ResourceType, comparison: Comparison): Predicate {
  const core = known(type.schema.id, comparison)
  const extensions = type.extensions.map(
    ({ schema }): Predicate => ({
      kind: 'and',
      of: [known(schema.id, comparison), { kind: 'present', keys: [schema.id] }],
    }),
  )
  return { kind: 'or', of: [core, ...extensions] }
}

function holds(name: string, comparison: Comparison): boolean {
  if (comparison.kind !== 'text') return false
  const isUrn = name.startsWith('urn:')
  const text = isUrn ? name.toLowerCase() : name
  const value = isUrn ? comparison.value.toLowerCase() : comparison.value
  switch (comparison.op) {
    case 'eq':
      return text === value
    case 'ne':
      return text !== value
    case 'co':
      return text.includes(value)
    case 'sw':
      return text.startsWith(value)
    case 'ew':
      return text.endsWith(value)
    case 'gt':
      return text > value
    case 'ge':
      return text >= value
    case 'lt':
      return text < value
    case 'le':
      return text <= value
  }
}
