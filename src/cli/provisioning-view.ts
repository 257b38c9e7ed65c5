import type { LoggedCall, LoggedEvent, LoggedLine } from '../connections/index.js'
import type { ProvisioningCall, ProvisioningEvent, ProvisioningLine, ProvisioningReplay } from '../contract/provisioning.js'
import type { Json } from '../platform/json.js'
import { detectProfile, type SeenRequest } from '../scim/dialects/detect.js'
import type { Replayed } from '../scim/provision-log-replay.js'

/** Calls of the provisioning log, for tools and for people. */

export function presentLine({ orgId: _, at, ...line }: LoggedLine, organization: string): ProvisioningLine {
  return { ...line, at: at.toISOString(), organization }
}

export function presentCall(call: LoggedCall & { events: readonly LoggedEvent[] }, organization: string): ProvisioningCall {
  const { request, understood, response, events, ...line } = call
  const habits = detectProfile([seenIn(call)])
  return {
    ...presentLine(line, organization),
    request,
    understood,
    response,
    events: events.map(presentEvent),
    habits: { profile: habits.profile, reasons: [...habits.reasons] },
  }
}

export function presentReplay({ status, line, events, answer }: Replayed): ProvisioningReplay {
  const told = events.map(({ event, target, changed = {}, list }) => {
    const counts = { added: list?.added.length ?? 0, removed: list?.removed.length ?? 0 }
    return presentEvent({ event, target: { ...target, name: target.name ?? null }, changed, ...counts })
  })
  return { status, line, events: told, answer: typeof answer === 'object' ? (answer as ProvisioningReplay['answer']) : null }
}

function presentEvent({ event, target, changed, added, removed }: ToldEvent): ProvisioningEvent {
  const told = Object.entries(changed).map(([name, { before, after }]) => {
    return [name, { ...(before !== undefined && { before }), ...(after !== undefined && { after }) }] as const
  })
  return { event, target, changed: Object.fromEntries(told), added, removed }
}

type ToldEvent = Omit<LoggedEvent, 'id' | 'changed'> & {
  readonly changed: Readonly<Record<string, { readonly before?: Json | undefined; readonly after?: Json | undefined }>>
}

/** The request as far as it was stored: habits show in its names and shapes. */
function seenIn({ method, path, userAgent, request }: LoggedCall): SeenRequest {
  const { query, body } = (request ?? {}) as { query?: Record<string, Json>; body?: Json }
  const search = new URLSearchParams(
    Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    headers: { 'user-agent': userAgent ?? undefined },
    ...(body !== undefined && { body }),
  }
}

/** One line: when, how it ended, how long it took, what happened, and the id to look closer with. */
export function lineText({ at, organization, status, ms, line, id }: ProvisioningLine): string {
  return `${at.slice(0, 19).replace('T', ' ')}Z  ${organization}  ${status}  ${String(Math.round(ms)).padStart(4)} ms  ${line}  [${id}]`
}

export function callText(call: ProvisioningCall): string {
  const { target } = call
  const facts: readonly (readonly [string, string | null])[] = [
    ['call', `${call.method} ${call.path} (${call.route})`],
    ['answer', `${call.status}${call.scimType ? ` ${call.scimType}` : ''} after ${call.ms} ms`],
    ['at', call.at],
    ['organization', call.organization],
    ['connection', call.connectionId],
    ['token', call.tokenId],
    ['request id', call.requestId],
    ['about', target && `${target.type} ${target.name ?? ''} ${target.id ?? ''}`.replace(/ +/g, ' ').trim()],
    ['client', call.userAgent],
    ['dialect', call.profile],
    ['habits of', `${call.habits.profile}: ${call.habits.reasons.join('; ')}`],
  ]
  return [
    call.line,
    '',
    ...facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(14)}${value}`] : [])),
    ...section('sent', call.request),
    ...section('understood', call.understood),
    ...changes(call.events, 'changed'),
    ...section('answered', call.response),
  ].join('\n')
}

export function replayText({ status, line, events, answer }: ProvisioningReplay): string {
  const isBulk = typeof answer === 'object' && answer !== null && 'Operations' in answer
  return [
    `Today: ${status}, ${line}`,
    'Nothing was changed.',
    ...changes(events, 'would change'),
    // An update is told by what it changes; a creation, a refusal and a bulk request by what they answer.
    ...(status === 200 && !isBulk ? [] : section('would answer', answer)),
  ].join('\n')
}

function section(title: string, value: Json | unknown): string[] {
  return value === null
    ? []
    : [
        '',
        title,
        ...JSON.stringify(value, null, 2)
          .split('\n')
          .map((text) => `  ${text}`),
      ]
}

function changes(events: readonly ProvisioningEvent[], title: string): string[] {
  if (events.length === 0) return []
  const told = events.flatMap(({ event, target, changed, added, removed }) => [
    `  ${event} ${target.name ?? target.id}`,
    ...Object.entries(changed).map(([name, { before, after }]) => `    ${name}: ${short(before)} → ${short(after)}`),
    ...(added + removed > 0 ? [`    members: ${added} came, ${removed} left`] : []),
  ])
  return ['', title, ...told]
}

const short = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))
