import type { ConnectionView } from '../contract/connection.js'

/** What an operator sees of a connection's settings. Pure text. */
export function settingsLines({ name, requestsPerSecond, allowedFrom, brake, verdict }: ConnectionView): string[] {
  const held = `${brake.groupPercent} % of a group (${brake.groupMembers} members or more), ${brake.directoryPercent} % of all users within an hour (${brake.directoryUsers} or more)`
  return [
    `Connection "${name}"`,
    `  requests a second  ${requestsPerSecond ?? 'as SCIM_REQUESTS_PER_SECOND says'}`,
    `  allowed from       ${allowedFrom.join(', ') || 'anywhere'}`,
    `  brake              ${brake.mode === 'off' ? 'off' : `holds a loss of more than ${held}`}`,
    ...(verdict ? [`  until ${verdict.until}, what the brake would hold is ${verdict.kind}`] : []),
  ]
}
