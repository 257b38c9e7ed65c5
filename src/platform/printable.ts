/** Text of strangers made harmless to whoever reads it in a terminal or a log. */

/** Controls, line separators, and marks that turn the reading direction or take no space; halves of characters. */
const deceptive = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu

/** The text on one line with such characters written as `\u001b`; JSON stays the same JSON. */
export function printable(text: string): string {
  // Nearly all text is this plain, and the other pattern is slow.
  if (/^[\x20-\x7E]*$/.test(text)) return text
  return text.replace(deceptive, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
