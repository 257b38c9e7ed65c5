import { isDeepStrictEqual } from 'node:util'
import type { RecordedEvent } from '../journal/index.js'
import type { Json } from '../platform/json.js'
import { isObject } from './keys.js'
import { tell } from './provision-log-text.js'

/** What a change did to one resource, in words: from the events that the journal recorded of it. */

/** A part of a sentence: how it begins one, and how it goes on in one that has named the resource. */
type Phrase = { readonly first: string; readonly next: string }

const mostFields = 4

/** Users by their name alone, everything else with what it is. */
export function named({ type, id, name }: { type: string; id?: string | null; name?: string | null | undefined }): string {
  const noun = type.toLowerCase()
  if (!name) return id ? `${noun} ${tell(id)}` : `a ${noun}`
  return noun === 'user' ? tell(name) : `${noun} "${tell(name)}"`
}

/** `a, b and c`. */
function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** A sentence without a full stop about the events of one resource; undefined where there are none. */
export function wordsOf(events: readonly RecordedEvent[]): string | undefined {
  const target = events[0]?.target
  if (!target) return undefined
  const find = (end: string) => events.find(({ event }) => event.endsWith(end))
  const created = find('.created')
  if (created) return wordsOfCreation(created, find('.members_changed'))
  if (find('.deleted')) return `deleted ${named(target)}`
  const updated = find('.updated')
  const before = updated && renaming(updated)?.before
  const subject = named(before === undefined ? target : { ...target, name: before })
  const phrases: Phrase[] = [
    ...(find('.deactivated') ? [{ first: `disabled ${subject}`, next: 'disabled' }] : []),
    ...(find('.reactivated') ? [{ first: `enabled ${subject}`, next: 'enabled' }] : []),
    ...(updated ? wordsOfUpdate(updated, subject) : []),
    ...wordsOfMembers(find('.members_changed'), tell(before ?? target.name ?? target.id)),
  ]
  return listed(phrases.map(({ first, next }, at) => (at === 0 ? first : next)))
}

function wordsOfCreation({ target, changed }: RecordedEvent, members: RecordedEvent | undefined): string {
  const count = members?.list?.added.length ?? 0
  const isOff = changed?.active?.after === false
  return `created ${named(target)}${count > 0 ? ` with ${counted(count)}` : ''}${isOff ? ', switched off' : ''}`
}

/** The attribute a resource is called by, before and after; undefined where the name stayed. */
function renaming({ target, changed = {} }: RecordedEvent): { field: string; before: string; after: string } | undefined {
  const field = target.type === 'user' ? 'userName' : 'displayName'
  const { before, after } = changed[field] ?? {}
  return typeof before === 'string' && typeof after === 'string' ? { field, before, after } : undefined
}

function wordsOfUpdate(updated: RecordedEvent, subject: string): Phrase[] {
  const name = renaming(updated)
  const after = name && (updated.target.type === 'user' ? tell(name.after) : `"${tell(name.after)}"`)
  const fields = Object.entries(updated.changed ?? {}).flatMap(([field, { before, after }]) =>
    field === name?.field ? [] : fieldsOf(field, before, after),
  )
  const list = listed(
    fields.length > mostFields ? [...fields.slice(0, mostFields - 1), `${fields.length - mostFields + 1} more`] : fields,
  )
  return [
    ...(name ? [{ first: `renamed ${subject} to ${after}`, next: `renamed to ${after}` }] : []),
    ...(fields.length > 0 ? [{ first: `updated ${list} of ${subject}`, next: `updated ${list}` }] : []),
  ]
}

/** Names of what differs: inside an extension, and inside the rest of a group, by their own names. */
function fieldsOf(name: string, before: Json | undefined, after: Json | undefined): string[] {
  if (!name.startsWith('urn:') && name !== 'profile') return [tell(name)]
  const was = isObject(before) ? before : {}
  const is = isObject(after) ? after : {}
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((inner) => !isDeepStrictEqual(was[inner], is[inner]))
    .flatMap((inner) => fieldsOf(inner, was[inner], is[inner]))
}

const counted = (count: number): string => `${count} ${count === 1 ? 'member' : 'members'}`

function wordsOfMembers(event: RecordedEvent | undefined, group: string): Phrase[] {
  const added = event?.list?.added.length ?? 0
  const removed = event?.list?.removed.length ?? 0
  if (added + removed === 0) return []
  if (added > 0 && removed > 0) {
    const words = `added ${added} and removed ${removed} members`
    return [{ first: `${words} of "${group}"`, next: words }]
  }
  const words = added > 0 ? `added ${counted(added)}` : `removed ${counted(removed)}`
  return [{ first: `${words} ${added > 0 ? 'to' : 'from'} "${group}"`, next: words }]
}
