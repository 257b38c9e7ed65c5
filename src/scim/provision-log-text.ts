import { printable } from '../platform/printable.js'

/** Text of clients in the provisioning log: bounded, and with nothing in it that a terminal or a reader could be tricked by. */

/** The text with controls and the like written as `\u001b`, cut at `most` characters. */
export function tell(text: string, most = 200): string {
  return printable(cutText(text, most))
}

/** At most `most` UTF-16 units of a text, never half a character, with a mark where something is missing. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const end = /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most
  return `${text.slice(0, end)}…`
}

/** Shortest run of characters that counts as repeated: longer than what two texts have in common by chance. */
const run = 8
/** Shorter texts are found everywhere and tell nothing. */
const shortest = 4

/**
 * `text` without whatever of it stands in one of the `withheld` texts too: refusals repeat paths and filters of the request, and what
 * was kept out of the body must not come in by the sentence about it.
 */
export function withoutRepeats(text: string, withheld: readonly string[], mask: string): string {
  const hidden = new Set<number>()
  for (const secret of withheld) {
    if (secret.length < shortest) continue
    const length = Math.min(run, secret.length)
    for (let at = 0; at + length <= text.length; at++) {
      if (!secret.includes(text.slice(at, at + length))) continue
      for (let inside = at; inside < at + length; inside++) hidden.add(inside)
    }
  }
  let shown = ''
  for (let at = 0; at < text.length; at++) {
    if (!hidden.has(at)) shown += text.charAt(at)
    else if (!hidden.has(at - 1)) shown += mask
  }
  return shown
}
