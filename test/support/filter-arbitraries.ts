import fc from 'fast-check'
import type { AttributeDefinition, ResourceType } from '../../src/contract/attribute-definition.js'
import type { CompareOperator, FilterSyntax, FilterValue } from '../../src/scim/filter-syntax.js'
import { commonAttributes } from '../../src/scim/schema-common.js'
import { moment, text, valuesOf } from './world-arbitraries.js'

/** Random filters that fit a schema. */

/** Attributes that only an answer has, or that nobody may ask about. */
const unaskable = new Set(['$ref', 'location', 'version'])

type Named = { readonly path: string; readonly definition: AttributeDefinition }

function named(definitions: readonly AttributeDefinition[], prefix: string): Named[] {
  return definitions
    .filter(({ name, returned }) => !unaskable.has(name) && returned !== 'never')
    .map((definition) => ({ path: `${prefix}${definition.name}`, definition }))
}

/** Every path of a type that a filter may name, sub-attributes included. */
export function pathsOf(type: ResourceType): Named[] {
  const top = [
    ...named([...commonAttributes, ...type.schema.attributes], ''),
    ...named(type.schema.attributes, `${type.schema.id}:`),
    ...type.extensions.flatMap(({ schema }) => named(schema.attributes, `${schema.id}:`)),
  ]
  return top.flatMap((one) => [one, ...named((one.definition.subAttributes ?? []) as AttributeDefinition[], `${one.path}.`)])
}

const ordered: CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le']
const textual: CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew']

function operatorsOf(definition: AttributeDefinition): CompareOperator[] {
  switch (definition.type) {
    case 'boolean':
      return ['eq', 'ne']
    case 'integer':
    case 'decimal':
    case 'dateTime':
      return ordered
    case 'binary':
    case 'complex':
      return textual
    default:
      return [...new Set([...ordered, ...textual])]
  }
}

/** `known` are texts that occur where the schema does not say so, such as ids. */
function literalOf({ path, definition }: Named, known: readonly string[]): fc.Arbitrary<FilterValue> {
  const hints = ['User', 'Group', 'direct', 'indirect', 'DIRECT', ...known]
  const anyText = fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: fc.constantFrom(...hints) })
  if (path === 'meta.created' || path === 'meta.lastModified') {
    return moment.map((micros) => `2024-02-29T12:00:00.${String(micros).padStart(6, '0')}Z`)
  }
  return definition.type === 'string' || definition.type === 'reference' || definition.type === 'complex'
    ? anyText
    : valuesOf[definition.type]
}

function term(paths: readonly Named[], known: readonly string[]): fc.Arbitrary<FilterSyntax> {
  return fc.constantFrom(...paths).chain((one) => {
    const { path, definition } = one
    const isWhole = definition.type === 'complex' && !definition.subAttributes?.some((sub) => sub.name === 'value')
    const presence = fc.oneof(
      fc.constant<FilterSyntax>({ op: 'pr', path }),
      fc.constantFrom('eq' as const, 'ne' as const).map((op): FilterSyntax => ({ op, path, value: null })),
    )
    if (isWhole) return presence
    const comparison = fc
      .tuple(fc.constantFrom(...operatorsOf(definition)), literalOf(one, known))
      .map(([op, value]): FilterSyntax => ({ op, path, value }))
    return fc.oneof({ weight: 1, arbitrary: presence }, { weight: 5, arbitrary: comparison })
  })
}

function logic(leaf: fc.Arbitrary<FilterSyntax>, maxDepth: number): fc.Arbitrary<FilterSyntax> {
  const { tree } = fc.letrec<{ tree: FilterSyntax }>((tie) => ({
    tree: fc.oneof(
      { maxDepth, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.record(
          { op: fc.constantFrom('and' as const, 'or' as const), terms: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) },
          { noNullPrototype: true },
        ),
      },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), term: tie('tree') }, { noNullPrototype: true }) },
    ),
  }))
  return tree
}

/** Any filter over the type that names only what `about` matches; `known` are further texts to compare with. */
export function filterOf(type: ResourceType, known: readonly string[] = ['a'], about = /^/): fc.Arbitrary<FilterSyntax> {
  const paths = pathsOf(type).filter(({ path }) => about.test(path))
  const holders = paths.filter(
    ({ path, definition }) =>
      path !== 'schemas' && (definition.type === 'complex' || (definition.multiValued && !path.includes('.'))),
  )
  const valuePath = fc.constantFrom(...holders).chain(({ path, definition }) => {
    const subs = (definition.subAttributes ?? []) as AttributeDefinition[]
    const inner = subs.length === 0 ? [{ path: 'value', definition: { ...definition, multiValued: false } }] : named(subs, '')
    return logic(term(inner, known), 2).map((filter): FilterSyntax => ({ op: 'valuePath', path, filter }))
  })
  return logic(fc.oneof({ weight: 2, arbitrary: term(paths, known) }, { weight: 1, arbitrary: valuePath }), 3)
}
