import fc from 'fast-check'
import type { AttributeDefinition, ResourceType } from '../../src/contract/attribute-definition.js'
import { fold } from '../../src/directory/fold.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import type { GroupSeed, UserSeed, WorldSeed } from './filter-world.js'

/** Random organizations, over so few texts and times that filters often hit. */

// Case pairs, signs that SQL, LIKE, JSON, knex or jsonpath could misread, text that folds to other text, code points whose order
// differs from that of UTF-16.
const texts = [
  ...[
    'a',
    'A',
    'ab',
    'aB',
    'b',
    '0',
    'a b',
    'true',
    'null',
    "o'hara",
    '"',
    '\\',
    '\\"',
    '%',
    '_',
    'a%',
    '?',
    '\\?',
    '??',
    ':a',
    '$1',
    '$.a',
  ],
  ...[
    'é',
    'e\u0301',
    'É',
    'ı',
    'I',
    'i̇',
    'İ',
    'ſ',
    'K',
    'ß',
    'ẞ',
    'ﬁ',
    'Ａ',
    'Σ',
    'ς',
    '😀',
    '\uE000',
    '\uFFFD',
    '\u{10FFFF}',
    '\t',
    '\n',
    '{}',
    '[]',
  ],
]
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)).map((pair) => pair.join('')) },
  { weight: 1, arbitrary: fc.constant('') },
)

const number = fc.constantFrom(0, 1, -1, 2, 10, 1.5, -0.25, 1e-7, 1e21, 9007199254740991)
const integer = fc.constantFrom(0, 1, -1, 2, 10, 9007199254740991)
const dateTime = fc.constantFrom(
  ...[
    '2024-02-29T12:00:00Z',
    '2024-02-29T12:00:00',
    '2024-02-29T13:00:00+01:00',
    '2024-02-29T12:00:00.000001Z',
    '2024-02-29T12:00:00.5Z',
  ],
  ...[
    '2024-02-29T24:00:00Z',
    '2024-03-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    '2024-02-29T12:00:00.4999Z',
  ],
)
/** Microseconds within a second. */
export const moment = fc.constantFrom(0, 1, 499_999, 500_000, 500_001, 500_999, 501_000, 999_999)

/** Values of every simple type. */
export const valuesOf = {
  string: text,
  reference: text,
  binary: fc.constantFrom('YQ==', 'YWI=', 'Yg'),
  boolean: fc.boolean(),
  decimal: number,
  integer,
  dateTime,
}

function simpleValue(definition: AttributeDefinition): fc.Arbitrary<Json> {
  return definition.type === 'complex' ? fc.constant(null) : valuesOf[definition.type]
}

/** An object with some of the attributes; nothing null, no empty list or object, as documents are stored. */
function objectOf(definitions: readonly AttributeDefinition[]): fc.Arbitrary<JsonObject> {
  const entries = definitions.map((definition): fc.Arbitrary<[string, Json][]> => {
    const subs = (definition.subAttributes ?? []) as AttributeDefinition[]
    const one: fc.Arbitrary<Json> = definition.type === 'complex' ? objectOf(subs) : simpleValue(definition)
    const value = definition.multiValued ? fc.array(one, { maxLength: 3 }) : one
    const kept = value.map((found): [string, Json][] => (isEmpty(found) ? [] : [[definition.name, found]]))
    return fc.oneof({ weight: 3, arbitrary: kept }, { weight: 2, arbitrary: fc.constant<[string, Json][]>([]) })
  })
  return fc.tuple(...entries).map((found) => Object.fromEntries(found.flat()))
}

const isEmpty = (value: Json) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

function profileOf(type: ResourceType, except: readonly string[]): fc.Arbitrary<JsonObject> {
  const core = objectOf(type.schema.attributes.filter(({ name }) => !except.includes(name)))
  const extensions = type.extensions.map(({ schema }) => objectOf(schema.attributes).map((found) => ({ [schema.id]: found })))
  return fc.tuple(core, ...extensions).map(([first, ...others]) => {
    const present = others.flatMap((other) => Object.entries(other).filter(([, value]) => !isEmpty(value)))
    return { ...first, ...Object.fromEntries(present) }
  })
}

const fate = fc.constantFrom(
  'seen' as const,
  'seen' as const,
  'seen' as const,
  'seen' as const,
  'foreign' as const,
  'deleted' as const,
)

export function worldOf(types: { user: ResourceType; group: ResourceType }): fc.Arbitrary<WorldSeed> {
  const common = { externalId: fc.option(text), createdAt: moment, updatedAt: moment, fate }
  const user = fc.record<UserSeed>({
    ...common,
    userName: text.filter((name) => name.trim() === name && name !== ''),
    active: fc.boolean(),
    profile: profileOf(types.user, ['userName', 'active', 'password', 'groups']),
  })
  const group = fc.record<GroupSeed>({
    ...common,
    displayName: text.filter((name) => name !== ''),
    profile: profileOf(types.group, ['displayName', 'members']),
  })
  const position = fc.nat({ max: 9 })
  const member = fc.oneof(fc.record({ user: position }), fc.record({ group: position }))
  const link = fc.record({
    group: position,
    member,
    by: fc.constantFrom('connection' as const, 'hand' as const),
    ended: fc.boolean(),
  })
  const key = (one: { externalId: string | null; fate: string }) =>
    one.externalId === null ? {} : `${one.fate} ${one.externalId}`
  return fc.record({
    users: fc
      .uniqueArray(user, { minLength: 1, maxLength: 12, selector: (one) => fold(one.userName) })
      .map((users) => users.filter((one, index) => users.findIndex((other) => key(other) === key(one)) === index)),
    groups: fc.uniqueArray(group, { minLength: 1, maxLength: 8, selector: key }),
    links: fc.uniqueArray(link, { maxLength: 40, selector: (one) => JSON.stringify([one.group, one.member, one.by]) }),
  })
}
