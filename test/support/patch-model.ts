import type { Json, JsonObject } from '../../src/platform/json.js'
import { enterprise } from './kinds.js'

/**
 * What PATCH means, said a second time and naively: by RFC 7644 §3.5.2 over a few attributes, on intents instead of paths, with no
 * schema and no code of the engine. Throws the scimType of a refusal.
 */

export type Email = { value: string; type?: string; display?: string; primary?: boolean }
export type Where = { readonly sub: keyof Email; readonly is: string | boolean }

/** `where: undefined` in `setSub` means every e-mail. */
export type Intent =
  | { readonly does: 'set'; readonly at: 'title' | 'nickName' | 'department'; readonly to: string | null }
  | { readonly does: 'merge'; readonly parts: { readonly [name in 'givenName' | 'familyName']?: string | null } }
  | { readonly does: 'append' | 'swap' | 'dropNamed'; readonly emails: readonly Email[] }
  | { readonly does: 'drop'; readonly where: Where }
  | { readonly does: 'setSub'; readonly where: Where; readonly sub: keyof Email; readonly to: string | boolean | null }
  | { readonly does: 'clear'; readonly at: 'title' | 'nickName' | 'department' | 'name' | 'emails' | 'extension' }

export class Refused extends Error {}

/** A person as plain fields; absent is undefined. */
export type Person = {
  title?: string | undefined
  nickName?: string | undefined
  department?: string | undefined
  givenName?: string | undefined
  familyName?: string | undefined
  emails: Email[]
}

export function apply(person: Person, intent: Intent, missing: 'noTarget' | 'create'): Person {
  switch (intent.does) {
    case 'set':
      return { ...person, [intent.at]: intent.to ?? undefined }
    case 'merge': {
      const next = { ...person }
      for (const name of ['givenName', 'familyName'] as const) {
        const part = intent.parts[name]
        if (part !== undefined) next[name] = part ?? undefined
      }
      return next
    }
    case 'append':
      return { ...person, emails: append(person.emails, intent.emails) }
    case 'swap':
      return { ...person, emails: append([], intent.emails) }
    case 'dropNamed':
      return { ...person, emails: person.emails.filter((email) => !intent.emails.some((named) => isNamed(email, named))) }
    case 'drop':
      return { ...person, emails: person.emails.filter((email) => !fits(email, intent.where)) }
    case 'setSub':
      return { ...person, emails: setSub(person.emails, intent, missing) }
    case 'clear':
      if (intent.at === 'emails') return { ...person, emails: [] }
      if (intent.at === 'name') return { ...person, givenName: undefined, familyName: undefined }
      return { ...person, [intent.at === 'extension' ? 'department' : intent.at]: undefined }
  }
}

const lower = (text: string | undefined) => text?.toLowerCase()
const isSame = (a: Email, b: Email) => lower(a.value) === lower(b.value) && lower(a.type) === lower(b.type)
const isNamed = (email: Email, named: Email) =>
  lower(email.value) === lower(named.value) && (named.type === undefined || lower(email.type) === lower(named.type))

function fits(email: Email, { sub, is }: Where): boolean {
  const value = email[sub]
  return typeof value === 'string' && typeof is === 'string' ? lower(value) === lower(is) : value === is
}

function append(emails: readonly Email[], more: readonly Email[]): Email[] {
  let list = [...emails]
  const marked = more.filter((email) => email.primary).map((email) => `${lower(email.type)} ${lower(email.value)}`)
  if (new Set(marked).size > 1) throw new Refused('invalidValue')
  for (const email of more) {
    const there = list.find((one) => isSame(one, email))
    const { value, type, ...rest } = email
    list = there ? list.map((one) => (one === there ? { ...one, ...rest } : one)) : [...list, email]
    if (email.primary) list = list.map((one) => (one.primary && !isSame(one, email) ? { ...one, primary: false } : one))
  }
  return list
}

function setSub(
  emails: readonly Email[],
  { where, sub, to }: Extract<Intent, { does: 'setSub' }>,
  missing: 'noTarget' | 'create',
): Email[] {
  const chosen = emails.filter((email) => fits(email, where))
  const changed = (email: Email): Email => {
    const { [sub]: _, ...rest } = email
    return (to === null ? rest : { ...rest, [sub]: to }) as Email
  }
  if (chosen.length === 0) {
    if (to === null) return [...emails]
    if (missing === 'noTarget') throw new Refused('noTarget')
    return append(emails, [changed({ [where.sub]: where.is } as unknown as Email)])
  }
  const isMarking = sub === 'primary' && to === true
  if (isMarking && chosen.filter((email) => !email.primary).length > 1) throw new Refused('invalidValue')
  const isNews = isMarking && chosen.some((email) => !email.primary)
  const next = emails.map((email) => {
    if (chosen.includes(email)) return isNews && email.primary ? { ...email, primary: false } : changed(email)
    return isNews && email.primary ? { ...email, primary: false } : email
  })
  const kept: Email[] = []
  for (const email of next) {
    const there = kept.find((one) => isSame(one, email))
    if (there) Object.assign(there, email)
    else kept.push({ ...email })
  }
  return kept
}

/** The person as a SCIM document. */
export function documentOf(person: Person): JsonObject {
  const { department, givenName, familyName, emails, ...plain } = person
  const name = defined({ givenName, familyName })
  const extension = defined({ department })
  return structuredClone({
    userName: 'ada',
    ...defined(plain),
    ...(Object.keys(name).length > 0 && { name }),
    ...(emails.length > 0 && { emails: emails as unknown as Json }),
    ...(Object.keys(extension).length > 0 && { [enterprise]: extension }),
  })
}

function defined(fields: { [key: string]: string | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}
