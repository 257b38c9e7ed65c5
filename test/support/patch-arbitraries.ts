import fc from 'fast-check'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { core, enterprise } from './kinds.js'
import type { Email, Intent, Person, Where } from './patch-model.js'

/** Random people, intents over them, and for each intent one of the many ways to write it down as a SCIM operation. */

const values = fc.constantFrom('a@example.com', 'A@Example.com', 'b@example.com', 'c')
const types = fc.constantFrom('work', 'Work', 'home')
const words = fc.constantFrom('x', 'y', 'X', 'x.y', '[z]')

const email: fc.Arbitrary<Email> = fc.record(
  { value: values, type: types, display: words, primary: fc.boolean() },
  { requiredKeys: ['value'] },
)

const key = (one: Email) => `${one.type?.toLowerCase()} ${one.value.toLowerCase()}`
/** E-mails as a stored document has them: no (type, value) twice, one primary at most. */
const emails = fc
  .uniqueArray(email, { maxLength: 4, selector: key })
  .map((list) =>
    list.map((one, at) => (list.findIndex((other) => other.primary) === at || !one.primary ? one : { ...one, primary: false })),
  )

export const person: fc.Arbitrary<Person> = fc
  .record(
    { title: words, nickName: words, department: words, givenName: words, familyName: words, emails },
    { requiredKeys: ['emails'] },
  )
  .map((fields) => fields as Person)

const where: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ sub: fc.constant('type' as const), is: types }),
  fc.record({ sub: fc.constant('value' as const), is: values }),
  fc.record({ sub: fc.constant('primary' as const), is: fc.boolean() }),
)
const subValue = fc.oneof(
  fc.record({ sub: fc.constant('value' as const), to: values }),
  fc.record({ sub: fc.constant('type' as const), to: fc.option(types) }),
  fc.record({ sub: fc.constant('display' as const), to: fc.option(words) }),
  fc.record({ sub: fc.constant('primary' as const), to: fc.option(fc.boolean()) }),
)
const simple = fc.constantFrom('title' as const, 'nickName' as const, 'department' as const)

/** A setSub that could leave or make an e-mail without value is no intent of the model. */
const setSub = fc
  .record({ where, change: subValue })
  .filter((one) => one.where.sub === 'value' || one.change.sub === 'value')
  .map((one): Intent => ({ does: 'setSub', where: one.where, ...one.change }))

export const intent: fc.Arbitrary<Intent> = fc.oneof(
  fc.record({ does: fc.constant('set' as const), at: simple, to: fc.option(words) }),
  fc.record({
    does: fc.constant('merge' as const),
    parts: fc.record({ givenName: fc.option(words), familyName: fc.option(words) }, { requiredKeys: [] }),
  }),
  fc.record({
    does: fc.constantFrom('append' as const, 'append' as const, 'swap' as const, 'dropNamed' as const),
    emails: fc.array(email, { maxLength: 3 }),
  }),
  fc.record({ does: fc.constant('drop' as const), where }),
  setSub,
  fc.record({
    does: fc.constant('clear' as const),
    at: fc.constantFrom('title' as const, 'department' as const, 'name' as const, 'emails' as const, 'extension' as const),
  }),
)

/** Random choices of one rendering, drawn with the intent so that failures shrink. */
type Style = {
  readonly upper: boolean
  readonly urn: boolean
  readonly pathless: boolean
  readonly dotted: boolean
  readonly second: boolean
}
export const style: fc.Arbitrary<Style> = fc.record({
  upper: fc.boolean(),
  urn: fc.boolean(),
  pathless: fc.boolean(),
  dotted: fc.boolean(),
  second: fc.boolean(),
})

/** The intent as an operation, in the given style. */
export function written(intent: Intent, style: Style): JsonObject {
  const cased = (text: string) => (style.upper ? text.toUpperCase() : text)
  const named = (path: string) => cased(path === 'department' ? `${enterprise}:department` : style.urn ? `${core}:${path}` : path)
  const verb = style.second ? 'add' : 'replace'
  const put = (op: string, path: string, value: Json): JsonObject =>
    style.pathless ? { op: cased(op), value: { [named(path)]: value } } : { op: cased(op), path: named(path), value }
  const filter = ({ sub, is }: Where) => `[${cased(sub)} ${cased('eq')} ${JSON.stringify(is)}]`
  switch (intent.does) {
    case 'set':
      return put(intent.to === null && intent.at === 'department' ? 'replace' : verb, intent.at, intent.to)
    case 'merge': {
      const entries = Object.entries(intent.parts).map(([name, part]): [string, Json] => [cased(name), part ?? null])
      if (!style.dotted) return put(verb, 'name', Object.fromEntries(entries))
      return { op: verb, value: Object.fromEntries(entries.map(([name, part]) => [`${named('name')}.${name}`, part])) }
    }
    case 'append':
    case 'swap': {
      const [only, ...others] = intent.emails
      const isAlone = only && others.length === 0 && style.dotted
      return put(intent.does === 'append' ? 'add' : 'replace', 'emails', (isAlone ? only : [...intent.emails]) as Json)
    }
    case 'dropNamed':
      return { op: cased('remove'), path: named('emails'), value: [...intent.emails] as Json }
    case 'drop': {
      const path = `${named('emails')}${filter(intent.where)}`
      return style.second ? { op: 'replace', path, value: null } : { op: cased('remove'), path }
    }
    case 'setSub': {
      const path = `${named('emails')}${filter(intent.where)}`
      if (intent.to === null && style.second) return { op: cased('remove'), path: `${path}.${cased(intent.sub)}` }
      if (style.dotted) return { op: verb, path, value: { [cased(intent.sub)]: intent.to } }
      const whole = `${path}.${cased(intent.sub)}`
      return style.pathless ? { op: verb, value: { [whole]: intent.to } } : { op: verb, path: whole, value: intent.to }
    }
    case 'clear': {
      const path = intent.at === 'extension' ? cased(enterprise) : named(intent.at)
      return style.second ? { op: 'replace', path, value: intent.at === 'emails' ? [] : null } : { op: cased('remove'), path }
    }
  }
}
