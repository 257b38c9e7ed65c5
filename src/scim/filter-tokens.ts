/**
 * Words, strings and brackets of a filter (RFC 7644 §3.4.2.2), read once from left to right, whatever is sent. What the words mean
 * is the parser's business; only strings are decoded here (JSON strings, RFC 8259 §7).
 */

export type Bracket = '(' | ')' | '[' | ']'

/** `at` and `end` are offsets into the text; `end` is the one after the token. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number; readonly end: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number; readonly end: number }
  | { readonly kind: Bracket | 'end'; readonly at: number; readonly end: number }

/** Builds the refusal of what stands at offset `at`. */
export type Complain = (at: number, problem: string) => Error

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r'
const isBracket = (char: string): char is Bracket => char === '(' || char === ')' || char === '[' || char === ']'

/** All tokens and a last one of kind `end`. Throws what `complain` builds. */
export function readTokens(text: string, complain: Complain): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (isSpace(char)) {
      at += 1
      continue
    }
    const token = isBracket(char)
      ? { kind: char, at, end: at + 1 }
      : char === '"'
        ? readString(text, at, complain)
        : readWord(text, at)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', at: text.length, end: text.length })
  return tokens
}

function readWord(text: string, at: number): Token {
  let end = at
  while (end < text.length && !isSpace(text.charAt(end)) && !isBracket(text.charAt(end)) && text.charAt(end) !== '"') end += 1
  return { kind: 'word', text: text.slice(at, end), at, end }
}

function readString(text: string, at: number, complain: Complain): Token {
  let quote = at + 1
  while (quote < text.length && text.charAt(quote) !== '"') quote += text.charAt(quote) === '\\' ? 2 : 1
  if (quote >= text.length) throw complain(at, 'a string starts that has no closing quote')
  const end = quote + 1
  const next = text.charAt(end)
  if (next !== '' && next !== ')' && next !== ']' && !isSpace(next)) throw complain(end, 'a space is missing after the string')
  return { kind: 'string', value: decode(text.slice(at, end), at, complain), at, end }
}

function decode(literal: string, at: number, complain: Complain): string {
  try {
    return JSON.parse(literal)
  } catch {
    throw complain(at, 'the string is not a JSON string; write \\" for a quote and \\\\ for a backslash in it')
  }
}

/** Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Cs}/u.test(text)
}

/** The value of a JSON number (RFC 8259 §6) that a 64-bit float can hold; undefined for any other word. */
export function readNumber(word: string): number | undefined {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) return undefined
  const value = Number(word)
  return Number.isFinite(value) ? value : undefined
}
