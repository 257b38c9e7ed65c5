import type { Json, JsonObject } from '../../src/platform/json.js'
import { isObject, mismatches, valueAt } from './match.js'
import type { Exchange, Transcript } from './transcript.js'

/** Plays a transcript: fills in variables, has each request sent, and says where an answer differs from what is expected. */

export type Sent = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | null>>
  /** Text as it goes over the wire. */
  readonly body?: string
}

export type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }

export type Send = (request: Sent) => Promise<Answer>

/** `problems` is empty where the step went as expected. */
export type StepResult = { readonly name: string; readonly problems: readonly string[] }

export type Played = {
  readonly results: readonly StepResult[]
  /** Paths, below the SCIM base, of what was created and not deleted again, newest first. */
  readonly left: readonly string[]
}

type Variables = Map<string, Json>

/**
 * Plays all steps, also after one that failed, so that one run tells everything. `variables` are there from the start; `unique`, a text
 * that no other run uses, must be among them.
 */
export async function play(transcript: Transcript, send: Send, variables: Readonly<Record<string, Json>>): Promise<Played> {
  const known: Variables = new Map(Object.entries(variables))
  const results: StepResult[] = []
  const left: string[] = []
  for (const step of transcript.steps) {
    const exchanges = 'together' in step ? step.together : [step]
    const prefix = 'together' in step ? `${step.name}: ` : ''
    const done = await Promise.all(exchanges.map((exchange) => exchangeOnce(exchange, send, known)))
    for (const { name, problems, created, deleted } of done) {
      results.push({ name: prefix + name, problems })
      if (created !== undefined) left.unshift(created)
      if (deleted !== undefined) left.splice(0, left.length, ...left.filter((path) => path !== deleted))
    }
  }
  return { results, left }
}

type Done = StepResult & { readonly created?: string; readonly deleted?: string }

async function exchangeOnce(exchange: Exchange, send: Send, known: Variables): Promise<Done> {
  const { name } = exchange
  const filled = fillIn(exchange, known)
  if (typeof filled === 'string') return { name, problems: [filled] }
  const { request } = filled
  const answer = await send(request)
  const problems = judge(answer, filled.expect)
  const body = parse(answer.text)
  for (const [variable, pointer] of Object.entries(exchange.remember ?? {})) {
    const value = valueAt(body, pointer)
    if (value === undefined) problems.push(`"${variable}" should be at ${pointer} of the answer, where nothing is`)
    else known.set(variable, value)
  }
  const [path = ''] = request.path.split('?')
  const id = answer.status === 201 ? valueAt(body, '/id') : undefined
  const told =
    problems.length === 0
      ? problems
      : [...problems, `for ${request.method} ${request.path} came ${answer.status} ${answer.text.slice(0, 500)}`]
  return {
    name,
    problems: told,
    ...(typeof id === 'string' && request.method === 'POST' && { created: `${path.replace(/\/$/, '')}/${id}` }),
    ...(answer.status === 204 && request.method === 'DELETE' && { deleted: path }),
  }
}

type Filled = { readonly request: Sent; readonly expect: Exchange['expect'] }

/** The exchange with its variables filled in; a text that says which one is not known. */
function fillIn({ request, expect }: Exchange, known: Variables): Filled | string {
  const missing = new Set<string>()
  const body = request.body === undefined ? undefined : filledIn(request.body, known, missing)
  const filled: Filled = {
    request: {
      method: request.method,
      path: text(request.path, known, missing),
      headers: Object.fromEntries(
        Object.entries(request.headers ?? {}).map(([name, value]) => [name, value === null ? null : text(value, known, missing)]),
      ),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    },
    expect: filledIn(expect as JsonObject, known, missing) as Exchange['expect'],
  }
  return missing.size === 0 ? filled : `not sent, because no earlier step gave ${[...missing].join(' and ')}`
}

/** `{{name}}` alone becomes the value itself, of whatever type; `$from` an object that the keys beside it overwrite. */
function filledIn(value: Json, known: ReadonlyMap<string, Json>, missing: Set<string>): Json {
  if (typeof value === 'string') {
    const [, whole] = /^\{\{(\w+)\}\}$/.exec(value) ?? []
    return whole !== undefined && known.has(whole) ? (known.get(whole) ?? null) : text(value, known, missing)
  }
  if (Array.isArray(value)) return value.map((element) => filledIn(element, known, missing))
  if (!isObject(value)) return value
  const { $from, ...rest } = value
  const base = $from === undefined ? {} : filledIn($from, known, missing)
  const own = Object.entries(rest).map(([key, inner]) => [text(key, known, missing), filledIn(inner, known, missing)] as const)
  return { ...(isObject(base) && base), ...Object.fromEntries(own) }
}

function text(template: string, known: ReadonlyMap<string, Json>, missing: Set<string>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = known.get(name)
    if (value === undefined) missing.add(name)
    return typeof value === 'string' ? value : JSON.stringify(value ?? null)
  })
}

function judge(answer: Answer, expect: Exchange['expect']): string[] {
  const allowed = typeof expect.status === 'number' ? [expect.status] : expect.status
  const problems = allowed.includes(answer.status) ? [] : [`status: expected ${allowed.join(' or ')}, got ${answer.status}`]
  problems.push(...mismatches(expect.headers ?? {}, answer.headers as JsonObject).map((line) => `headers ${line}`))
  // Where an answer without content is allowed, there is nothing to compare in one.
  const wantsBody = expect.body !== undefined && !(answer.status === 204 && allowed.length > 1)
  if (wantsBody) problems.push(...mismatches(expect.body ?? null, parse(answer.text)).map((line) => `body ${line}`))
  return problems
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}
