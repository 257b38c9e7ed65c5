import { refuse } from './errors.js'
import { type Complain, isStorable, readNumber, readTokens, type Token } from './filter-tokens.js'

/**
 * The filter grammar of RFC 7644 §3.4.2.2 (figure 1) and the PATCH path grammar of §3.5.2 (figure 7), read into a tree of names and
 * literals that knows no schema. Length, depth and number of terms are bounded before anything recurses. Operators compare
 * without case; `and` binds tighter than `or`, `not` tighter than both.
 */

/** An unquoted word in the place of a value: `True`, or any word where bare values are accepted. The resolver says what it is. */
export type BareWord = { readonly bare: string }
export type FilterValue = string | number | boolean | null | BareWord

const compareOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type CompareOperator = (typeof compareOperators)[number]

/** Inside a value path, `path` is relative to the element, and there is no `valuePath`. */
export type FilterSyntax =
  | { readonly op: 'and' | 'or'; readonly terms: readonly FilterSyntax[] }
  | { readonly op: 'not'; readonly term: FilterSyntax }
  | { readonly op: 'pr'; readonly path: string }
  | { readonly op: CompareOperator; readonly path: string; readonly value: FilterValue }
  | { readonly op: 'valuePath'; readonly path: string; readonly filter: FilterSyntax }

/** `attr`, `attr.sub` and `urn:…:attr` stay one raw `path`; `filter` and `sub` are there only as `path[filter].sub`. */
export type PatchPath = { readonly path: string; readonly filter?: FilterSyntax; readonly sub?: string }

export type FilterOptions = { readonly bareValues: 'accept' | 'refuse' }

const longestText = 8192
const deepestNesting = 32
const mostTerms = 100

type Reader = FilterOptions & {
  readonly tokens: readonly Token[]
  readonly complain: Complain
  /** Refuses what is well-formed but too much. */
  readonly exceed: (problem: string) => Error
  next: number
  terms: number
}

/** Reads a filter. Throws 400 invalidFilter that says what is wrong, and at which character. */
export function parseFilter(text: string, options: FilterOptions): FilterSyntax {
  const reader = open(text, options, () => 'invalidFilter')
  if (peek(reader).kind === 'end')
    throw refuse('invalidFilter', 'The filter is empty. Leave it out, or write one such as: userName eq "ada"')
  const filter = readOr(reader, 0, 'resource')
  const rest = peek(reader)
  if (rest.kind !== 'end') throw reader.complain(rest.at, `"and", "or" or the end was expected, not ${shown(rest)}`)
  return filter
}

/** Reads a PATCH path. Throws 400 invalidPath, or invalidFilter where the fault lies in the value filter (RFC 7644 §3.12). */
export function parsePatchPath(text: string): PatchPath {
  const bracket = text.indexOf('[')
  const reader = open(text, { bareValues: 'refuse' }, (at) => (bracket !== -1 && at > bracket ? 'invalidFilter' : 'invalidPath'))
  const { text: path } = takeWord(reader, 'an attribute')
  if (peek(reader).kind === 'end') return { path }
  const { filter, sub } = readValueFilter(reader, 0)
  const rest = peek(reader)
  if (rest.kind !== 'end') throw reader.complain(rest.at, `the end of the path was expected, not ${shown(rest)}`)
  return { path, filter, ...(sub !== undefined && { sub }) }
}

function open(text: string, options: FilterOptions, blame: (at: number) => 'invalidFilter' | 'invalidPath'): Reader {
  const noun = blame(0) === 'invalidPath' ? 'path' : 'filter'
  const exceed = (problem: string) => refuse(blame(0), `The ${noun} ${problem}.`)
  const complain: Complain = (at, problem) => refuse(blame(at), `The ${noun} is malformed at character ${at + 1}: ${problem}.`)
  if (Buffer.byteLength(text) > longestText) throw exceed(`is longer than ${longestText} bytes`)
  if (!isStorable(text)) throw exceed('contains a NUL or half of a surrogate pair, which is not text')
  return { ...options, tokens: readTokens(text, complain), complain, exceed, next: 0, terms: 0 }
}

function peek(reader: Reader): Token {
  const token = reader.tokens[Math.min(reader.next, reader.tokens.length - 1)]
  if (!token) throw new Error('tokens end with a token of kind end')
  return token
}

function take(reader: Reader): Token {
  const token = peek(reader)
  reader.next += 1
  return token
}

function takeWord(reader: Reader, wanted: string): Extract<Token, { kind: 'word' }> {
  const token = take(reader)
  if (token.kind !== 'word') throw reader.complain(token.at, `${wanted} was expected, not ${shown(token)}`)
  return token
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word
}

function shown(token: Token): string {
  if (token.kind === 'end') return 'the end'
  if (token.kind === 'string') return 'a string'
  if (token.kind !== 'word') return `"${token.kind}"`
  return JSON.stringify(token.text.length > 60 ? `${token.text.slice(0, 60)}…` : token.text)
}

/** Where names are looked up: in the resource, or in one element of a value path, which holds no further value path. */
type Place = 'resource' | 'element'

function readOr(reader: Reader, depth: number, place: Place): FilterSyntax {
  return readChain(reader, 'or', () => readChain(reader, 'and', () => readTerm(reader, depth, place)))
}

function readChain(reader: Reader, op: 'and' | 'or', readOne: () => FilterSyntax): FilterSyntax {
  const first = readOne()
  const terms = [first]
  while (isWord(peek(reader), op)) {
    take(reader)
    terms.push(readOne())
  }
  return terms.length === 1 ? first : { op, terms }
}

function readTerm(reader: Reader, depth: number, place: Place): FilterSyntax {
  if (peek(reader).kind === '(') return readNested(reader, depth, place, ')')
  const word = takeWord(reader, 'an attribute')
  const after = peek(reader)
  if (isWord(word, 'not') && after.kind === '(') return { op: 'not', term: readNested(reader, depth, place, ')') }
  if (after.kind !== '[') return readComparison(reader, word.text)
  if (place === 'element') throw reader.complain(after.at, 'a value path cannot stand inside another one')
  const { filter, sub } = readValueFilter(reader, depth)
  if (sub === undefined) return { op: 'valuePath', path: word.text, filter }
  // emails[type eq "work"].value eq "x" is no RFC grammar, but Entra matches users by it: the same element must fit both.
  return { op: 'valuePath', path: word.text, filter: { op: 'and', terms: [filter, readComparison(reader, sub)] } }
}

/** Reads from an opening bracket to its closing one. */
function readNested(reader: Reader, depth: number, place: Place, closing: ')' | ']'): FilterSyntax {
  const opening = take(reader)
  if (depth >= deepestNesting) throw reader.exceed(`nests deeper than ${deepestNesting} levels`)
  const filter = readOr(reader, depth + 1, place)
  const end = take(reader)
  if (end.kind !== closing) {
    throw reader.complain(end.at, `"${closing}" was expected for the bracket at character ${opening.at + 1}, not ${shown(end)}`)
  }
  return filter
}

function readValueFilter(reader: Reader, depth: number): { filter: FilterSyntax; sub: string | undefined } {
  const opening = peek(reader)
  if (opening.kind !== '[') throw reader.complain(opening.at, `"[" or the end was expected, not ${shown(opening)}`)
  const filter = readNested(reader, depth, 'element', ']')
  const closing = reader.tokens[reader.next - 1]
  const follower = peek(reader)
  if (follower.kind !== 'word' || follower.at !== closing?.end) return { filter, sub: undefined }
  take(reader)
  if (!follower.text.startsWith('.') || follower.text.length === 1) {
    throw reader.complain(follower.at, `a sub-attribute such as ".value" was expected after "]", not ${shown(follower)}`)
  }
  return { filter, sub: follower.text.slice(1) }
}

function readComparison(reader: Reader, path: string): FilterSyntax {
  reader.terms += 1
  if (reader.terms > mostTerms) throw reader.exceed(`has more than ${mostTerms} terms`)
  const word = takeWord(reader, `an operator after ${JSON.stringify(path.slice(0, 60))}`)
  const name = word.text.toLowerCase()
  if (name === 'pr') return { op: 'pr', path }
  const op = compareOperators.find((operator) => operator === name)
  if (!op) throw reader.complain(word.at, `${shown(word)} is no operator; use ${compareOperators.join(', ')} or pr`)
  return { op, path, value: readValue(reader, op) }
}

function readValue(reader: Reader, op: CompareOperator): FilterValue {
  const token = take(reader)
  if (token.kind === 'string') {
    if (!isStorable(token.value))
      throw reader.complain(token.at, 'the string has a NUL or half of a surrogate pair, which is not text')
    return token.value
  }
  if (token.kind !== 'word') throw reader.complain(token.at, `a value was expected after "${op}", not ${shown(token)}`)
  if (token.text === 'true' || token.text === 'false') return token.text === 'true'
  if (token.text === 'null') return null
  if (reader.bareValues === 'accept' || /^(?:true|false)$/i.test(token.text)) return { bare: token.text }
  const number = readNumber(token.text)
  if (number === undefined) throw reader.complain(token.at, `${shown(token)} is no value; put text in double quotes`)
  return number
}
