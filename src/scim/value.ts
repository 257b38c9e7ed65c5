import type { AttributeDefinition } from '../contract/attribute-definition.js'
import { fold } from '../directory/index.js'
import type { AppError } from '../platform/errors.js'
import type { Json } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { refuse } from './errors.js'
import { commonAttributes } from './schema-common.js'
import { groupSchema } from './schema-group.js'
import { userSchema } from './schema-user.js'

/**
 * One simple value against its definition (RFC 7643 §2.3). What passes is stored as it was sent; nothing is reformatted, or a
 * provider that compares would push it again for ever. `path` is the canonical attribute path; refusals name it.
 */

/** The switches that reading values depends on. */
export type ValueSwitches = Pick<Switches, 'booleans' | 'unknownAttributes'>

/** Reads one value of a simple type. Throws 400 invalidValue. Integers must be exact in every JSON reader (RFC 7159 §6). */
export function readSimple(definition: AttributeDefinition, value: Json, path: string, switches: ValueSwitches): Json {
  switch (definition.type) {
    case 'boolean':
      return readBoolean(value, path, switches)
    case 'integer':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      throw mismatch(path, 'a whole number between -(2^53 - 1) and 2^53 - 1', value)
    case 'decimal':
      if (typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))
        return value
      throw mismatch(path, 'a number that a 64-bit float holds exactly', value)
    case 'dateTime':
      if (typeof value === 'string' && isDateTime(value)) return value
      throw mismatch(path, 'a real date and time such as 2024-05-31T08:00:00Z', value)
    case 'binary':
      if (typeof value === 'string' && isBase64(value)) return sized(definition, value, path)
      throw mismatch(path, 'base64 text', value)
    case 'string':
    case 'reference':
      if (typeof value === 'string') return clean(definition, sized(definition, value, path), path)
      throw mismatch(path, 'a string', value)
    case 'complex':
      throw mismatch(path, 'an object', value)
  }
}

/** The 400 for a value of the wrong type. */
export function mismatch(path: string, wanted: string, value: Json): AppError {
  return refuse('invalidValue', `"${path}" must be ${wanted}; ${describe(value)} was sent.`)
}

function describe(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}

function readBoolean(value: Json, path: string, switches: ValueSwitches): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' && switches.booleans === 'strings' ? value.toLowerCase() : undefined
  if (word === 'true') return true
  if (word === 'false') return false
  throw mismatch(path, 'true or false, without quotes', value)
}

const longestText = 65_536
const longestUserName = 256
/** An entry of a PostgreSQL b-tree holds about 2,700 bytes, and folding can make one character eighteen (U+FDFA). */
const longestIndexEntry = 1_024
const attributeOf = (definitions: readonly AttributeDefinition[], wanted: string) =>
  definitions.find(({ name }) => name === wanted)
const userName = attributeOf(userSchema.attributes, 'userName')
/** Attributes with a column and an index of their own; a declared type may use the same names for what has none. */
const indexed = new Set([
  userName,
  attributeOf(userSchema.attributes, 'displayName'),
  attributeOf(groupSchema.attributes, 'displayName'),
  attributeOf(commonAttributes, 'externalId'),
])

function sized(definition: AttributeDefinition, value: string, path: string): string {
  const longest = definition === userName ? longestUserName : longestText
  if (value.length > longest) throw refuse('invalidValue', `"${path}" may have at most ${longest} characters.`)
  const isIndexed = definition.uniqueness !== 'none' || indexed.has(definition)
  if (isIndexed && Buffer.byteLength(definition.caseExact ? value : fold(value)) > longestIndexEntry) {
    throw refuse('invalidValue', `"${path}" may have at most ${longestIndexEntry} bytes.`)
  }
  return value
}

const loneSurrogate = /\p{Cs}/u
/** Controls, line separators, and marks that turn the reading direction or take no space: two names could look the same. */
const deceptive = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/u

function clean(definition: AttributeDefinition, value: string, path: string): string {
  if (value.includes('\0') || loneSurrogate.test(value)) {
    throw refuse('invalidValue', `"${path}" contains a NUL or half of a surrogate pair, which is not text.`)
  }
  if (definition === userName && deceptive.test(value)) {
    throw refuse('invalidValue', `"${path}" contains control, direction or invisible characters.`)
  }
  return value
}

const dateTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:Z|[+-](\d\d):(\d\d))?$/

/** xsd:dateTime of the years 1 to 9999, with every part in its range (RFC 7643 §2.3.5). */
export function isDateTime(value: string): boolean {
  const parts = dateTime.exec(value)
  if (!parts) return false
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0, zoneHour = 0, zoneMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0))
  const endOfDay = hour === 24 && minute === 0 && second === 0 && fraction === 0
  return (
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    (hour <= 23 || endOfDay) &&
    minute <= 59 &&
    second <= 59 &&
    zoneMinute <= 59 &&
    zoneHour * 60 + zoneMinute <= 14 * 60
  )
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** RFC 4648 §4, padding optional (RFC 7643 §2.3.6); white space passes because certificates are often pasted in lines. */
function isBase64(value: string): boolean {
  const text = value.replace(/[ \t\r\n]/g, '')
  const digits = text.replace(/={1,2}$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return false
  return digits.length === text.length || text.length % 4 === 0
}
