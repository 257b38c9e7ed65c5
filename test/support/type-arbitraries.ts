import fc from 'fast-check'
import { type AttributeDefinition, attributeDefinition, type ResourceType } from '../../src/contract/attribute-definition.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { text, valuesOf } from './world-arbitraries.js'

/** Random resource types with every characteristic, and random documents that fit them, as a careful client sends them. */

const names = [
  ...['displayName', 'members', 'groups', 'roles', 'manager', 'active', 'password', 'name', 'emails', 'Title'],
  ...['a', 'b', 'x-1', 'y_2', 'type', 'value', 'schemaVersion', 'length', 'meta2'],
]
const partNames = ['value', 'type', 'display', 'a', 'b', 'x-1', 'length']

const simpleTypes = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'] as const

const characteristics = (name: string) =>
  fc.record({
    name: fc.constant(name),
    type: fc.constantFrom(...simpleTypes, 'string' as const, 'string' as const),
    multiValued: fc.constantFrom(false, false, true),
    required: fc.constantFrom(false, false, false, true),
    caseExact: fc.boolean(),
    mutability: fc.constantFrom(
      ...(['readWrite', 'readWrite', 'readWrite', 'readWrite', 'immutable', 'readOnly', 'writeOnly'] as const),
    ),
    returned: fc.constantFrom(...(['default', 'default', 'default', 'always', 'request', 'never'] as const)),
    uniqueness: fc.constantFrom(...(['none', 'none', 'none', 'server', 'global'] as const)),
    canonicalValues: fc.option(fc.constant(['a', 'b']), { nil: undefined }),
  })

/** What is written only is returned never; only text is made unique here, so that documents can be kept apart. */
function settled<Plain extends Pick<AttributeDefinition, 'type' | 'mutability' | 'returned' | 'uniqueness'>>(definition: Plain) {
  const isSecret = definition.mutability === 'writeOnly' || definition.returned === 'never'
  const isText = definition.type === 'string' || definition.type === 'reference'
  return {
    ...definition,
    ...(isSecret && { returned: 'never' as const }),
    ...(!isText && { uniqueness: 'none' as const }),
  }
}

/** A part that is there to be asked about: a complex attribute is compared by its `value`. */
const readable = <Plain extends Pick<AttributeDefinition, 'name'>>(part: Plain) => ({
  ...part,
  mutability: 'readWrite' as const,
  returned: 'default' as const,
  ...(part.name === 'value' && { type: 'string' as const, multiValued: false }),
})

const primary = attributeDefinition.parse({ name: 'primary', type: 'boolean' })

const attribute = (name: string): fc.Arbitrary<AttributeDefinition> => {
  const plain = characteristics(name).map(settled)
  const parts = fc
    .uniqueArray(fc.constantFrom(...partNames), { minLength: 1, maxLength: 4 })
    .chain((some) => fc.tuple(...some.map((part) => characteristics(part).map(settled))))
    .map((some) => some.map((part, at) => (at === 0 || part.name === 'value' ? readable(part) : part)))
  const complex = fc.tuple(plain, parts, fc.boolean()).map(([whole, some, marks]) =>
    attributeDefinition.parse({
      ...whole,
      type: 'complex',
      uniqueness: 'none',
      // What is required needs a part that a client can give.
      subAttributes: [
        ...some.map((part, at) => ({ ...part, required: part.required || (whole.required && at === 0) })),
        ...(marks ? [primary] : []),
      ],
    }),
  )
  return fc.oneof({ weight: 3, arbitrary: plain.map((one) => attributeDefinition.parse(one)) }, { weight: 1, arbitrary: complex })
}

const attributes = (most: number): fc.Arbitrary<AttributeDefinition[]> =>
  fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: most })
    .chain((some) => fc.tuple(...some.map(attribute)) as fc.Arbitrary<AttributeDefinition[]>)

/** An extension is in `schemas` for what it holds; that it holds nothing but secrets would show there and nowhere else. */
const shown = (definition: AttributeDefinition): AttributeDefinition =>
  attributeDefinition.parse({
    ...definition,
    mutability: 'readWrite',
    returned: 'default',
    ...(definition.subAttributes && {
      subAttributes: definition.subAttributes.map((part) => ({ ...part, mutability: 'readWrite', returned: 'default' })),
    }),
  })

/** Types by what tells them apart; URNs and names are for the caller to give. */
export const someType = fc.record({
  core: attributes(8),
  extension: fc.option(
    attributes(4).map((all) => all.map(shown)),
    { nil: undefined },
  ),
  extensionRequired: fc.boolean(),
})

/** A definition and one that came of it: attributes stay, go, come, or are something else. */
export const someChange = attributes(7).chain((before) => {
  const next = before.map((one) =>
    fc.oneof(
      fc.constant([one]),
      fc.constant<AttributeDefinition[]>([]),
      attribute(one.name).map((other) => [other]),
      attribute(one.name).map(({ type, subAttributes, ...other }) => [
        attributeDefinition.parse({ ...one, ...loosely(one, other) }),
      ]),
    ),
  )
  const added = attribute('added').map((one) => [one])
  return fc.tuple(...next, fc.oneof(added, fc.constant([]))).map((parts) => ({ before, after: parts.flat() }))
})

/** The characteristics of another definition, as far as one of this type can have them. */
const loosely = ({ type }: AttributeDefinition, other: Omit<AttributeDefinition, 'type' | 'subAttributes'>) => ({
  ...other,
  ...(type !== 'string' && type !== 'reference' && { uniqueness: 'none' }),
})

const decimal = fc.constantFrom(0, 1, -1, 2, 10, 1.5, -0.25, 1e-7)
const visible = text.filter((one) => one.trim() !== '')

function simpleValue({ type, required, uniqueness }: AttributeDefinition, salt: string): fc.Arbitrary<Json> {
  if (type === 'complex') return fc.constant(null)
  if (uniqueness !== 'none') return text.map((one) => `${one}#${salt}`)
  if (type === 'decimal') return decimal
  return required && (type === 'string' || type === 'reference') ? visible : valuesOf[type]
}

const folded = (value: Json): string => JSON.stringify(value).normalize('NFKC').toLowerCase()

/** What a list has once (RFC 7643 §2.4): a type and value, or all of an element. */
const identity = (element: Json): string => {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return folded(element)
  const { primary: _, ...rest } = element
  return 'value' in rest ? folded([rest.type ?? null, rest.value ?? null]) : folded(Object.entries(rest).sort())
}

const isEmpty = (value: Json) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

function valuesFor(definition: AttributeDefinition, salt: string): fc.Arbitrary<Json> {
  const { subAttributes, multiValued, required } = definition
  const one = subAttributes ? objectOf(subAttributes, salt).filter((found) => !isEmpty(found)) : simpleValue(definition, salt)
  if (!multiValued) return one
  return fc
    .uniqueArray(one, { selector: identity, minLength: required ? 1 : 0, maxLength: 3 })
    .map((list) => list.map((element, at) => (list.findIndex(isMarked) === at ? element : unmarked(element))))
    .map((list) => list.map((element, at) => salted(definition, element, at)))
}

const isMarked = (element: Json) => isObject(element) && element.primary === true
const unmarked = (element: Json) => (isMarked(element) ? { ...(element as JsonObject), primary: false } : element)
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Unique values of one document differ, too: two elements may not hold the same. */
function salted(definition: AttributeDefinition, element: Json, at: number): Json {
  if (typeof element === 'string') return definition.uniqueness === 'none' ? element : `${element}.${at}`
  if (!isObject(element)) return element
  const parts = definition.subAttributes ?? []
  return Object.fromEntries(
    Object.entries(element).map(([name, value]) => {
      const part = parts.find((candidate) => candidate.name === name)
      return [name, part && typeof value === 'string' ? salted(part, value, at) : value]
    }),
  )
}

function objectOf(definitions: readonly AttributeDefinition[], salt: string): fc.Arbitrary<JsonObject> {
  const entries = definitions.map((definition): fc.Arbitrary<[string, Json][]> => {
    const value = valuesFor(definition, salt).map((found): [string, Json][] => (isEmpty(found) ? [] : [[definition.name, found]]))
    const nothing = fc.constant<[string, Json][]>([])
    return definition.required ? value : fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: nothing })
  })
  return fc.tuple(...entries).map((found) => Object.fromEntries(found.flat()))
}

/** A document of the type; `salt` keeps its unique values from those of others. */
export function documentOf(type: ResourceType, salt: string): fc.Arbitrary<JsonObject> {
  const extensions = type.extensions.map(({ schema, required }) => {
    const part = objectOf(schema.attributes, salt)
    const present = (required ? part.filter((found) => !isEmpty(found)) : part).map((found): [string, Json][] =>
      isEmpty(found) ? [] : [[schema.id, found]],
    )
    return required ? present : fc.oneof(present, fc.constant<[string, Json][]>([]))
  })
  return fc
    .tuple(objectOf(type.schema.attributes, salt), ...extensions)
    .map(([core, ...others]) => ({ ...core, ...Object.fromEntries(others.flat()) }))
}

/**
 * What an answer shows of a document: nothing read-only (a client cannot give it), nothing secret, and what is `request` only where it
 * was asked for or just written. Said again, naively, by RFC 7643 §2.2 and §7.
 */
export function shownOf(
  definitions: readonly AttributeDefinition[],
  object: JsonObject,
  requested: 'shown' | 'hidden',
): JsonObject {
  const entries = definitions.flatMap((definition): [string, Json][] => {
    const { name, mutability, returned, subAttributes } = definition
    const value = object[name]
    if (value === undefined || mutability === 'readOnly' || mutability === 'writeOnly' || returned === 'never') return []
    if (returned === 'request' && requested === 'hidden') return []
    if (!subAttributes) return [[name, value]]
    const inside = (element: Json) => (isObject(element) ? shownOf(subAttributes, element, requested) : element)
    const left = Array.isArray(value) ? value.map(inside).filter((element) => !isEmpty(element)) : inside(value)
    return isEmpty(left) ? [] : [[name, left]]
  })
  return Object.fromEntries(entries)
}
