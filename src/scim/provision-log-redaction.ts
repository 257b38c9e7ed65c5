import type { Json, JsonObject } from '../platform/json.js'
import type { FilterSyntax } from './filter-syntax.js'
import { isObject } from './keys.js'
import { cutText } from './provision-log-text.js'

/**
 * The state of one redaction: how much may still be stored, what was left out, and whether what was left out matters. Nothing is
 * looked at once the room is used up, so a body of any size costs the same.
 */

export const notStored = '[not stored]'

export type Redaction = {
  /** Characters that may still be stored. */
  room: number
  /** Something is missing for want of room. */
  cut: boolean
  /** Something was not even looked at, so nobody can say what it repeats. */
  unseen: boolean
  /** Paths of attributes whose value is secret and would have had an effect. */
  readonly gaps: Set<string>
  /** Texts that were left out. */
  readonly withheld: string[]
  /** The filter of a query, where it was understood. */
  filter: FilterSyntax | undefined
}

const longestText = 1_000
const mostWithheld = 8_192

export function openRedaction(room: number): Redaction {
  return { room, cut: false, unseen: false, gaps: new Set(), withheld: [], filter: undefined }
}

/** A text that may be stored, cut where it is long. */
export function keepText(text: string, redaction: Redaction): string {
  const kept = cutText(text, Math.min(longestText, Math.max(0, redaction.room)))
  if (kept !== text) redaction.cut = true
  redaction.room -= kept.length + 3
  return kept
}

/** A value that must not be stored: remembered for as long as the redaction lives, so that no sentence repeats it. */
export function withhold(value: Json, redaction: Redaction): Json {
  redaction.room -= notStored.length
  let left = mostWithheld - redaction.withheld.reduce((sum, text) => sum + text.length, 0)
  const visit = (inner: Json): void => {
    if (left <= 0) {
      redaction.unseen = true
    } else if (typeof inner === 'string' || typeof inner === 'number') {
      const text = String(inner)
      left -= text.length + 1
      redaction.withheld.push(text)
    } else if (Array.isArray(inner)) {
      for (const item of inner) if (!redaction.unseen) visit(item)
    } else if (isObject(inner)) {
      for (const item of Object.values(inner)) if (!redaction.unseen) visit(item)
    }
  }
  visit(value)
  return notStored
}

/** Each item by `keep`, as far as there is room. */
export function keepList(items: readonly Json[], redaction: Redaction, keep: (item: Json) => Json): Json[] {
  const kept: Json[] = []
  for (const item of items) {
    if (redaction.room <= 0) {
      leaveOut(redaction)
      kept.push(`[cut: ${items.length - kept.length} more]`)
      break
    }
    redaction.room -= 2
    kept.push(keep(item))
  }
  return kept
}

/** Each entry by `keep`, under its key as `name` has it, as far as there is room. */
export function keepEntries(
  object: JsonObject,
  redaction: Redaction,
  keep: (key: string, value: Json) => Json,
  name: (key: string) => string = (key) => cutText(key, 100),
): JsonObject {
  const kept: [string, Json][] = []
  const entries = Object.entries(object)
  for (const [key, value] of entries) {
    if (redaction.room <= 0) {
      leaveOut(redaction)
      kept.push(['[cut]', `${entries.length - kept.length} more`])
      break
    }
    const shown = name(key)
    redaction.room -= shown.length + 4
    kept.push([shown, keep(key, value)])
  }
  return Object.fromEntries(kept)
}

function leaveOut(redaction: Redaction): void {
  redaction.cut = true
  redaction.unseen = true
}
