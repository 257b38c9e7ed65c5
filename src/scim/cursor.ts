import type { Position } from '../directory/index.js'
import type { Clock } from '../platform/clock.js'
import { seal, unseal } from '../platform/seal.js'
import { refuse } from './errors.js'

/**
 * Cursors of RFC 9865: all that the next page needs, in the hands of the client, so that the server keeps nothing. They are sealed and
 * not only signed, because they hold the last row's sort key, often a name, and travel in URLs, which proxies log. Sealing binds them
 * to whose they are and what was asked: for anybody and anything else they are as invalid as an invented one.
 */

/** Seconds for which a cursor is good, and at least as many as that (RFC 9865 §4). */
export const cursorTimeout = 3600

/** Where a walk stands. */
export type CursorState = {
  /** Page size of the walk. */
  readonly count: number
  /** Noun of the resources that come next. */
  readonly noun: string
  /** The last one shown of them; undefined before the first. */
  readonly after: Position | undefined
}

export type Cursors = {
  /** A new cursor. `belongsTo` names caller and query without ambiguity. */
  readonly write: (belongsTo: string, state: CursorState) => Promise<string>
  /** @throws 400 invalidCursor, expiredCursor (RFC 9865 §2.1) */
  readonly read: (belongsTo: string, cursor: string) => Promise<CursorState>
}

/** `secret` is the installation's own, so that any process reads what another one wrote. */
export function createCursors(deps: { readonly secret: () => Promise<Buffer>; readonly clock: Clock }): Cursors {
  const seconds = () => Math.floor(deps.clock().getTime() / 1000)
  const purpose = (belongsTo: string) => `scim cursor 1 ${belongsTo}`
  return {
    write: async (belongsTo, { count, noun, after }) => {
      const content = [seconds() + cursorTimeout, count, noun, ...(after ? [after.id, after.key] : [])]
      return seal(await deps.secret(), purpose(belongsTo), JSON.stringify(content))
    },
    read: async (belongsTo, cursor) => {
      const content = unseal(await deps.secret(), purpose(belongsTo), cursor)
      if (content === undefined) {
        throw refuse(
          'invalidCursor',
          'The cursor is not one of this query. Start with an empty cursor, then send the nextCursor of each answer with all other parameters unchanged.',
        )
      }
      // Nobody else can have written it.
      const [until, count, noun, id, key] = JSON.parse(content) as [number, number, string, string?, (string | null)?]
      if (seconds() > until) {
        throw refuse(
          'expiredCursor',
          `The cursor is older than ${cursorTimeout} seconds. Start again with an empty cursor, and ask for each page in time.`,
        )
      }
      return { count, noun, after: id === undefined ? undefined : { id, key: key ?? null } }
    },
  }
}
