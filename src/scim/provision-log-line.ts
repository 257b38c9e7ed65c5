import type { RecordedEvent } from '../journal/index.js'
import type { AppError } from '../platform/errors.js'
import type { FilterSyntax, FilterValue } from './filter-syntax.js'
import { named, wordsOf } from './provision-log-events.js'
import { tell } from './provision-log-text.js'

/** The one line by which an administrator reads a call: what happened, or what was refused and why. Pure words. */

export type Subject = { readonly type: string; readonly id: string | null; readonly name: string | null }

export type Story = {
  readonly method: string
  /** Id of the endpoint, `scim.users.patch`; `none` where none was found. */
  readonly route: string
  readonly path: string
  readonly status: number
  /** The resource the call is about; undefined where it is about many or none. */
  readonly subject: Subject | undefined
  readonly events: readonly RecordedEvent[]
  /** Of a query: its filter where it was understood, and how many resources answered it. */
  readonly filter: FilterSyntax | undefined
  readonly found: string
  /** Why the call was refused; `detail` is fit to be stored. */
  readonly refusal: (Pick<AppError, 'code'> & { readonly detail: string }) | undefined
  /** Outcomes of the operations of a bulk request. */
  readonly bulk: readonly { readonly status: string; readonly detail: string }[]
}

const longestReason = 200

/** Short reasons for what providers meet every day; `noun` is what the call is about. */
const reasons: Readonly<Record<string, (noun: string) => string>> = {
  user_name_taken: () => 'userName is taken',
  external_id_taken: () => 'externalId is taken',
  group_name_taken: () => 'the name is taken',
  value_taken: () => 'a value that must be unique is taken',
  resource_not_found: (noun) => `there is no such ${noun}`,
  no_such_endpoint: () => 'nothing is served there',
  connection_paused: () => 'the connection is paused',
  temporarily_unavailable: () => 'the service is busy',
  internal: () => 'an error of this server',
}

const nouns: Readonly<Record<string, string>> = {
  config: 'the service provider configuration',
  types: 'the resource types',
  type: 'a resource type',
  schemas: 'the schemas',
  schema: 'a schema',
  root: 'all resources',
}

export function lineOf(story: Story): string {
  const { route, refusal, status } = story
  if (refusal) return `${status >= 500 ? 'could not' : 'refused to'} ${intent(story)}: ${reasonOf(story)}`
  if (route === 'scim.bulk.run') return wordsOfBulk(story.bulk)
  const done = wordsOf(eventsOfOne(story))
  if (done !== undefined) return done
  if (isQuery(route)) return wordsOfQuery(story)
  if (!story.subject) return `read ${nouns[partsOf(route)[0]] ?? 'a document'}`
  if (status === 304) return `read ${named(story.subject)}, which the client knew already`
  return story.method === 'GET' || story.method === 'HEAD'
    ? `read ${named(story.subject)}`
    : `nothing to change for ${named(story.subject)}`
}

/** Of a call that changed several resources, the first. What an organization declares is called by the name it declares. */
function eventsOfOne({ events, subject }: Story): RecordedEvent[] {
  const own = events.filter(({ target }) => target.id === events[0]?.target.id)
  const rename = (target: RecordedEvent['target']) => ({
    ...target,
    type: subject?.type ?? target.type,
    name: subject?.name ?? target.name,
  })
  return own.map((event) => (event.target.type === 'resource' ? { ...event, target: rename(event.target) } : event))
}

function partsOf(route: string): [noun: string, operation: string] {
  const [, noun = '', operation = ''] = route.split('.')
  return [noun, operation]
}

const isQuery = (route: string): boolean => ['list', 'search'].includes(partsOf(route)[1])

const verbs: Readonly<Record<string, string>> = {
  create: 'create',
  replace: 'update',
  patch: 'update',
  delete: 'delete',
  read: 'read',
}

/** What was wanted. */
function intent({ method, route, path, subject }: Story): string {
  const [noun, operation] = partsOf(route)
  if (route === 'none') return `answer ${tell(method, 20)} ${tell(path, 100)}`
  if (noun === 'bulk') return 'carry out a bulk request'
  if (isQuery(route)) return `search ${thingsAt({ route, path })}`
  if (subject) return `${verbs[operation] ?? method} ${named(subject)}`
  return `read ${nouns[noun] ?? noun}`
}

function reasonOf({ refusal, subject }: Story): string {
  if (!refusal) return ''
  const known = reasons[refusal.code]?.(subject?.type.toLowerCase() ?? 'resource')
  return known ?? tell(firstSentence(refusal.detail), longestReason)
}

/** What lists are of: everything below `/Devices` has one family of operations, and is called by its address. */
function thingsAt({ route, path }: Pick<Story, 'route' | 'path'>): string {
  const [noun] = partsOf(route)
  return nouns[noun] ?? (noun === 'resources' ? tell(path.split('/')[1] ?? noun, 80) : noun)
}

function wordsOfQuery({ route, path, filter, found }: Story): string {
  const things = thingsAt({ route, path })
  if (!filter) return `listed ${things} (found ${found})`
  if ('value' in filter && filter.op === 'eq') {
    return `looked up ${shortName(filter.path)} ${literal(filter.value)} (found ${found})`
  }
  return `searched ${things} by ${[...new Set(pathsIn(filter))].slice(0, 4).map(shortName).join(', ')} (found ${found})`
}

/** Without the URN of its schema. */
const shortName = (path: string): string => tell(path.slice(path.lastIndexOf(':') + 1), 80)

function literal(value: FilterValue): string {
  if (typeof value === 'object' && value !== null) return `"${tell(value.bare)}"`
  return typeof value === 'string' ? `"${tell(value)}"` : String(value)
}

function pathsIn(filter: FilterSyntax): string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(pathsIn)
    case 'not':
      return pathsIn(filter.term)
    default:
      return [filter.path]
  }
}

function wordsOfBulk(outcomes: Story['bulk']): string {
  const failed = outcomes.filter(({ status }) => Number(status) >= 400)
  const all = `${outcomes.length} ${outcomes.length === 1 ? 'operation' : 'operations'}`
  if (failed.length === 0) return `carried out ${all} in bulk`
  return `carried out ${outcomes.length - failed.length} of ${all} in bulk; refused: ${tell(firstSentence(failed[0]?.detail ?? ''), longestReason)}`
}

/** What is wrong; what to do about it follows, and is in the answer. */
function firstSentence(text: string): string {
  return (/^.*?[^.](?=\.\s+[A-Z])/s.exec(text)?.[0] ?? text).replace(/\.$/, '')
}
