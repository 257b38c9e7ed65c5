import { AppError, invalid } from '../platform/errors.js'
import type { Json, JsonObject } from '../platform/json.js'

/**
 * Strict JSON (RFC 8259) in one pass over the text. What parsers read differently is refused, since two readers of one message must
 * never see two messages: duplicate keys, numbers that do not survive a double, lone surrogates, NUL, keys that name a prototype.
 */

export type JsonLimits = {
  /** Deepest nesting of arrays and objects. */
  readonly depth?: number
  /** Most elements of an array under a key of the outermost object (compared without case); reading stops at the next one. */
  readonly longest?: Readonly<Record<string, number>>
  /** Most keys of one object. */
  readonly keys?: number
}

type Cursor = Required<Pick<JsonLimits, 'depth' | 'keys'>> & {
  readonly text: string
  at: number
  readonly longest: ReadonlyMap<string, number>
}

const defaultDepth = 64

const reserved = new Set(['__proto__', 'constructor', 'prototype'])

const literals: ReadonlyMap<number, readonly [text: string, value: Json]> = new Map([
  [116, ['true', true]],
  [102, ['false', false]],
  [110, ['null', null]],
])

const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const unusual = /[\\\p{Cc}\p{Cs}]/u
const loneSurrogate = /\p{Cs}/u

function where(text: string, at: number): string {
  let line = 1
  let start = 0
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', start)) {
    line++
    start = next + 1
  }
  return `line ${line}, column ${at - start + 1}`
}

function broken(cursor: Cursor, at: number, problem: string): AppError {
  return invalid('json_invalid', `The body is not acceptable JSON: ${problem} at ${where(cursor.text, at)}.`)
}

function unexpected(cursor: Cursor, wanted: string): AppError {
  const found = cursor.at < cursor.text.length ? JSON.stringify(cursor.text.charAt(cursor.at)) : 'the end'
  return broken(cursor, cursor.at, `${wanted} was expected, not ${found},`)
}

function skipSpace(cursor: Cursor): number {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code
    cursor.at++
  }
}

/** Index of the quote that closes a string: the first that an even number of backslashes precedes. */
function closingQuote(cursor: Cursor, opened: number): number {
  for (let end = cursor.text.indexOf('"', opened + 1); end >= 0; end = cursor.text.indexOf('"', end + 1)) {
    let before = end - 1
    while (cursor.text.charCodeAt(before) === 92) before--
    if ((end - before) % 2 === 1) return end
  }
  throw broken(cursor, opened, 'a string without an end')
}

function unescaped(cursor: Cursor, opened: number, end: number): string {
  try {
    return JSON.parse(cursor.text.slice(opened, end + 1)) as string
  } catch {
    throw broken(cursor, opened, 'a string with a control character or an unknown escape')
  }
}

/** Reads a string whose opening quote is at the cursor. Nearly all hold nothing unusual and are a slice of the text. */
function readString(cursor: Cursor): string {
  const opened = cursor.at
  const end = closingQuote(cursor, opened)
  cursor.at = end + 1
  const plain = cursor.text.slice(opened + 1, end)
  if (!unusual.test(plain)) return plain
  const value = unescaped(cursor, opened, end)
  if (value.includes('\0') || loneSurrogate.test(value)) throw broken(cursor, opened, 'a string with a NUL or half a character')
  return value
}

function readNumber(cursor: Cursor): number {
  numberShape.lastIndex = cursor.at
  if (!numberShape.test(cursor.text)) throw unexpected(cursor, 'a value')
  const value = Number(cursor.text.slice(cursor.at, numberShape.lastIndex))
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw broken(cursor, cursor.at, `a number beyond ±${Number.MAX_SAFE_INTEGER}`)
  }
  cursor.at = numberShape.lastIndex
  return value
}

function readLiteral(cursor: Cursor, code: number): Json {
  const [text, value] = literals.get(code) ?? []
  if (text === undefined || value === undefined) return readNumber(cursor)
  if (!cursor.text.startsWith(text, cursor.at)) throw unexpected(cursor, 'a value')
  cursor.at += text.length
  return value
}

function readArray(cursor: Cursor, depth: number, most: number, name: string): Json[] {
  const items: Json[] = []
  cursor.at++
  if (skipSpace(cursor) === 93) {
    cursor.at++
    return items
  }
  for (;;) {
    if (items.length === most) {
      throw new AppError(
        'too_large',
        'json_too_many',
        `"${name}" has more than ${most} elements, the most this server takes at once.`,
      )
    }
    items.push(readValue(cursor, depth))
    const next = skipSpace(cursor)
    if (next !== 44 && next !== 93) throw unexpected(cursor, '"," or "]"')
    cursor.at++
    if (next === 93) return items
  }
}

function readKey(cursor: Cursor, object: JsonObject): string {
  if (skipSpace(cursor) !== 34) throw unexpected(cursor, 'a key in double quotes')
  const at = cursor.at
  const key = readString(cursor)
  if (reserved.has(key)) throw broken(cursor, at, `the reserved key ${JSON.stringify(key)}`)
  if (Object.hasOwn(object, key)) throw broken(cursor, at, `the key ${JSON.stringify(key.slice(0, 100))} a second time`)
  if (skipSpace(cursor) !== 58) throw unexpected(cursor, '":"')
  cursor.at++
  return key
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const object: JsonObject = {}
  cursor.at++
  if (skipSpace(cursor) === 125) {
    cursor.at++
    return object
  }
  for (let keys = 0; ; keys++) {
    if (keys === cursor.keys) throw broken(cursor, cursor.at, `more than ${keys} keys in one object`)
    const key = readKey(cursor, object)
    const most = depth === 1 ? cursor.longest.get(key.toLowerCase()) : undefined
    object[key] =
      most !== undefined && skipSpace(cursor) === 91 ? readArray(cursor, depth + 1, most, key) : readValue(cursor, depth)
    const next = skipSpace(cursor)
    if (next !== 44 && next !== 125) throw unexpected(cursor, '"," or "}"')
    cursor.at++
    if (next === 125) return object
  }
}

function readValue(cursor: Cursor, depth: number): Json {
  const code = skipSpace(cursor)
  if (code === 34) return readString(cursor)
  if (code !== 123 && code !== 91) return readLiteral(cursor, code)
  if (depth === cursor.depth) throw broken(cursor, cursor.at, `nesting deeper than ${cursor.depth}`)
  return code === 123 ? readObject(cursor, depth + 1) : readArray(cursor, depth + 1, Number.POSITIVE_INFINITY, '')
}

/**
 * Reads a whole text as one JSON value, of ordinary objects with own keys only.
 * @throws AppError invalid `json_invalid` with line and column; too_large `json_too_many`
 */
export function readJson(text: string, limits: JsonLimits = {}): Json {
  const longest = new Map(Object.entries(limits.longest ?? {}).map(([key, most]) => [key.toLowerCase(), most]))
  const { depth = defaultDepth, keys = Number.POSITIVE_INFINITY } = limits
  const cursor: Cursor = { text, at: 0, depth, keys, longest }
  const value = readValue(cursor, 0)
  skipSpace(cursor)
  if (cursor.at < text.length) throw unexpected(cursor, 'nothing more')
  return value
}
