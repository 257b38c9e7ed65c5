import { isDeepStrictEqual } from 'node:util'
import type { ConnectionSettings } from '../contract/connection-settings.js'
import type { Change } from '../journal/index.js'
import { invalid } from '../platform/errors.js'
import type { Json } from '../platform/json.js'
import { isRange } from './allow-list.js'
import { connectionStore } from './connection-store.js'
import { lockConnection, targetOf } from './connections.js'
import type { Connection } from './model.js'

/** What an operator sets for a connection that is there: its share of the server, from where it calls, when its brake holds. */

const settingsOf = ({ requestsPerSecond, allowedFrom, brake }: Connection) => ({ requestsPerSecond, allowedFrom, brake })

// A part that was not given may be there as undefined, and must not hide what is set.
const given = <Part extends object>(parts: Part) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Part]?: Exclude<Part[Name], undefined>
  }

/** Sets what is given and leaves the rest. Equal settings change nothing. @throws AppError not_found, invalid `range_invalid` */
export async function configureConnection(c: Change, id: string, input: ConnectionSettings): Promise<Connection> {
  const wrong = input.allowedFrom?.find((range) => !isRange(range))
  if (wrong !== undefined) throw invalid('range_invalid', `"${wrong}" is neither an address nor a CIDR range.`)
  const before = await lockConnection(c, id)
  const after = {
    requestsPerSecond: input.requestsPerSecond === undefined ? before.requestsPerSecond : input.requestsPerSecond,
    allowedFrom: input.allowedFrom ?? before.allowedFrom,
    brake: { ...before.brake, ...given(input.brake ?? {}) },
  }
  const fields = Object.entries(settingsOf(before)).flatMap(([name, value]) => {
    const next = after[name as keyof typeof after]
    return isDeepStrictEqual(value, next) ? [] : [[name, { before: value as Json, after: next as Json }] as const]
  })
  if (fields.length === 0) return before
  await connectionStore(c.trx).configure(c.orgId, id, after, c.now)
  c.record({ event: 'connection.configured', target: targetOf(before), changed: Object.fromEntries(fields) })
  return { ...before, ...after, version: before.version + 1 }
}
