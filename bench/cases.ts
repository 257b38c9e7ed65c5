import type { Load, Shot } from './http-load.js'
import type { Contender } from './measure.js'
import { newPerson } from './person.js'

/** What is measured, between whom, and what is wanted of it. Pure data and shots: nothing here opens or waits. */

export type Wanted =
  /** `of` answers at least `factor` times as many as `than`. */
  | { readonly kind: 'rate'; readonly of: string; readonly factor: number; readonly than: string }
  /** One call of `of` costs at most `factor` times what one of `than` costs. */
  | { readonly kind: 'cost'; readonly of: string; readonly factor: number; readonly than: string }
  /** `of` answers at least `least` a second, where `floor` does. */
  | { readonly kind: 'least'; readonly of: string; readonly least: number; readonly floor: string }

export type Case = {
  readonly title: string
  readonly contenders: readonly Contender[]
  readonly wanted: readonly Wanted[]
  /** Our own call, for the profiler where the case misses. */
  readonly profiled?: Profiled
}

export type Profiled = { readonly databaseUrl: string; readonly token: string; readonly next: () => Shot }

export type Paging = 'cursor' | 'index'

export const ours = 'gatehouse'
export const floor = 'floor'
export const scimmy = 'scimmy'

/** A running server with somebody to ask about. */
export type Party = {
  readonly load: Load
  /** A load of one connection, for calls that would wait for one another. */
  readonly single: Load
  readonly base: string
  readonly people: readonly { readonly id: string; readonly userName: string }[]
  readonly users: number
}

/** Takes turns through a list, at steps that do not follow its order. */
export function turns<Item>(items: readonly Item[]): () => Item {
  let at = 0
  return () => {
    at = (at + 7919) % items.length
    const item = items[at]
    if (item === undefined) throw new Error('nobody to ask about')
    return item
  }
}

const get = (path: string): Shot => ({ method: 'GET', path })

export function readById({ base, people }: Party): () => Shot {
  const next = turns(people)
  return () => get(`${base}/Users/${next().id}`)
}

export function filterByName({ base, people }: Party): () => Shot {
  const next = turns(people)
  return () => get(`${base}/Users?filter=${encodeURIComponent(`userName eq "${next().userName}"`)}`)
}

const pageLength = 100

/** Pages of 100 by position: `name` is the parameter, `first` the position of the first row. */
export function pages({ base, users }: Party, name: 'startIndex' | 'offset', first: number): () => Shot {
  const next = turns(Array.from({ length: Math.max(1, Math.floor(users / pageLength)) }, (_, page) => page * pageLength + first))
  return () => get(`${base}/Users?count=${pageLength}&${name}=${next()}`)
}

export function create({ base }: Party): () => Shot {
  return () => ({ method: 'POST', path: `${base}/Users`, body: newPerson() })
}

export function readGroup({ base }: Party, groups: readonly string[]): () => Shot {
  const next = turns(groups)
  return () => get(`${base}/Groups/${next()}`)
}

/** Adds one member after another, each to the next of the groups; nobody twice to one. */
export function addMember({ base, people }: Party, groups: readonly string[]): () => Shot {
  const nextGroup = turns(groups)
  let at = 0
  return () => {
    const person = people[at++ % people.length]
    return {
      method: 'PATCH',
      path: `${base}/Groups/${nextGroup()}?excludedAttributes=members`,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'add', path: 'members', value: [{ value: person?.id ?? '' }] }],
      },
    }
  }
}

/** The first page of a list that is filtered and sorted by what an index serves. */
export function firstSortedPage({ base }: Party, paging: Paging): () => Shot {
  const filter = encodeURIComponent('userName sw "user" and active eq true')
  const query = `filter=${filter}&sortBy=userName&count=${pageLength}${paging === 'cursor' ? '&cursor=' : ''}`
  return () => get(`${base}/Users?${query}`)
}

/** The number of all that match, and none of them. */
export function totalAlone({ base }: Party): () => Shot {
  const filter = encodeURIComponent('userName sw "user" and active eq true')
  return () => get(`${base}/Users?filter=${filter}&count=0`)
}

/** What an identity provider does all day, for the memory of a server under load. */
export function mixed(party: Party): () => Shot {
  const kinds = [
    readById(party),
    filterByName(party),
    create(party),
    // Deep pages cost time, not memory.
    pages({ ...party, users: Math.min(party.users, 1000) }, 'startIndex', 1),
    firstSortedPage(party, 'index'),
  ]
  const next = turns(kinds.map((_, at) => at))
  return () => kinds[next()]?.() ?? get(party.base)
}
