import type { JsonObject } from '../../src/platform/json.js'
import { coreGroup, coreUser, enterpriseUser } from './scim-client.js'

/**
 * Requests that no honest client sends, and what each must get. One corpus for the tests, which look at the answers, and for the guard
 * over CPU time.
 */

export type BadRequest = {
  readonly name: string
  /** Row of the security table that it proves. */
  readonly id?: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  /** Below the SCIM base, percent-encoded; `USER` and `GROUP` stand for ids. */
  readonly path: string
  readonly body?: Buffer
  readonly status: number
  readonly scimType?: string
}

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const times = (count: number, text: string, between = ''): string => Array(count).fill(text).join(between)

const invalidFilter = { status: 400, scimType: 'invalidFilter' }
const invalidPath = { status: 400, scimType: 'invalidPath' }
const invalidSyntax = { status: 400, scimType: 'invalidSyntax' }
const invalidValue = { status: 400, scimType: 'invalidValue' }
const tooLarge = { status: 413 }

type Outcome = Pick<BadRequest, 'status' | 'scimType'>

const sends = (method: 'POST' | 'PUT' | 'PATCH', path: string) => (name: string, text: string | Buffer, outcome: Outcome) => ({
  name,
  method,
  path,
  body: Buffer.from(text),
  ...outcome,
})
const create = sends('POST', '/Users')
const createGroup = sends('POST', '/Groups')
const put = sends('PUT', '/Users/USER')
const patchText = sends('PATCH', '/Users/USER')
const searchText = sends('POST', '/Users/.search')

const search = (name: string, rest: JsonObject, outcome: Outcome): BadRequest =>
  searchText(name, JSON.stringify({ schemas: [searchRequest], ...rest }), outcome)
const list = (name: string, query: string, outcome: Outcome): BadRequest => ({
  name,
  method: 'GET',
  path: `/Users?${query}`,
  ...outcome,
})
const patch = (name: string, operation: JsonObject, outcome: Outcome): BadRequest =>
  patchText(name, JSON.stringify({ schemas: [patchOp], Operations: [operation] }), outcome)

/** The inside of a user's body, written as JSON text so that it may be wrong. */
const user = (rest: string): string => `{"schemas":["${coreUser}"],"userName":"bad","x":1,${rest}}`

const hugeOperations = (count: number): string => {
  const one = JSON.stringify({ op: 'add', path: 'nickName', value: 'x' })
  return `{"schemas":["${patchOp}"],"Operations":[${times(count, one, ',')}]}`
}

/** More than anybody needs: refused before it costs anything. */
const sizes: BadRequest[] = [
  list('8,000 opening parentheses', `filter=${times(8000, '(')}`, invalidFilter),
  list('4,000 parentheses around a term', `filter=${times(2000, '(')}title%20pr${times(2000, ')')}`, invalidFilter),
  list('a chain of "not (" with a bad end', `filter=${times(1000, 'not%20(')}~`, invalidFilter),
  search('2,000 times "not (" with a bad end', { filter: `${times(1000, 'not (')}!` }, invalidFilter),
  search('1 MB of terms', { filter: times(75_000, 'userName pr', ' and ') }, invalidFilter),
  search('1 MB of one word', { filter: times(1_000_000, 'a') }, invalidFilter),
  search('1 MB of one string', { filter: `userName eq "${times(1_000_000, 'a')}"` }, invalidFilter),
  search('101 terms', { filter: times(101, 'title pr', ' or ') }, invalidFilter),
  search('33 levels', { filter: `${times(33, '(')}title pr${times(33, ')')}` }, invalidFilter),
  search('50,000 dots', { filter: `${times(50_000, '.')} pr` }, invalidFilter),
  list('8,000 dots', `filter=${times(8000, '.')}%20pr`, invalidFilter),
  search('a string of escapes without an end', { filter: `title eq "${times(4000, '\\')}` }, invalidFilter),
  search('a million attribute names', { attributes: Array(1_000_000).fill('a') }, tooLarge),
  search('a million attribute names in one text', { attributes: times(1_000_000, 'a', ',') }, invalidValue),
  create('10 MB', Buffer.alloc(10 * 1024 * 1024, '['), tooLarge),
  create('a million schemas', `{"schemas":[${times(1_000_000, '"a"', ',')}],"userName":"bad"}`, tooLarge),
  create('20,000 made-up keys', user(Array.from({ length: 20_000 }, (_, at) => `"k${at}":1`).join()), invalidSyntax),
  create('a userName of 1 MB', `{"schemas":["${coreUser}"],"userName":"${times(1_000_000, 'a')}"}`, invalidValue),
  create('a title of 1 MB', user(`"title":"${times(1_000_000, 'a')}"`), invalidValue),
  create('an externalId of 10 KB', user(`"externalId":"${times(10_240, 'a')}"`), invalidValue),
  create('2,000 addresses', user(`"emails":[${times(2000, '{"value":"a@b.c"}', ',')}]`), invalidValue),
  patchText('1,001 operations', hugeOperations(1001), tooLarge),
  patchText('150,000 operations', hugeOperations(150_000), tooLarge),
  patch('a path of 50,000 dots', { op: 'add', path: times(50_000, '.'), value: 1 }, invalidPath),
  patch('a path of 8,000 brackets', { op: 'add', path: `emails${times(8000, '[')}`, value: 1 }, { status: 400 }),
  patch('a path of 1 MB', { op: 'add', path: times(1_000_000, 'a'), value: 1 }, invalidPath),
  patch('a value filter of 1 MB', { op: 'remove', path: `emails[${times(75_000, 'value pr', ' or ')}]` }, { status: 400 }),
  patchText(
    '20 operations that each compare a thousand values with 90 words',
    JSON.stringify({
      schemas: [patchOp],
      Operations: [
        { op: 'add', path: 'emails', value: Array.from({ length: 1000 }, (_, at) => ({ value: `${at}@example.com` })) },
        ...Array(20).fill({ op: 'replace', path: `emails[${times(90, 'value co "x"', ' or ')}].display`, value: 'x' }),
      ],
    }),
    invalidFilter,
  ),
]

/** What two readers could read differently, or not at all. */
const texts: BadRequest[] = [
  list('a NUL in a filter', 'filter=title%20eq%20%22%00%22', invalidFilter),
  list('half a character in a filter', 'filter=title%20eq%20%22%5Cud800%22', invalidFilter),
  list('a count that is none', 'count=1e400', invalidValue),
  searchText('two filters in two spellings', `{"schemas":["${searchRequest}"],"filter":"a pr","Filter":"b pr"}`, invalidSyntax),
  create('nothing that is JSON', 'userName=bad', invalidSyntax),
  create('half an object', '{"userName":"bad"', invalidSyntax),
  create('two values', '{} {}', invalidSyntax),
  create('a comma too many', user('"title":"x",'), invalidSyntax),
  create('white space alone', ' '.repeat(1000), invalidSyntax),
  create('bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), invalidSyntax),
  create('a key twice', user('"title":"a","title":"b"'), invalidSyntax),
  create('a key in two spellings', user('"title":"a","Title":"b"'), invalidSyntax),
  create('a key twice, deep inside', user('"name":{"givenName":"a","givenName":"b"}'), invalidSyntax),
  create('an extension in two spellings', user(`"${enterpriseUser}":{},"${enterpriseUser.toUpperCase()}":{}`), invalidSyntax),
  create('1e400', user('"title":1e400'), invalidSyntax),
  create('a whole number that no double holds', user('"title":9007199254740993'), invalidSyntax),
  create('a NUL as an escape', user('"title":"\\u0000"'), invalidSyntax),
  create('a NUL as it is', user('"title":"\0"'), invalidSyntax),
  create('half a character', user('"title":"\\ud800"'), invalidSyntax),
  create('the other half, in a key', user('"\\udc00":1'), invalidSyntax),
  create('100,000 levels of lists', user(`"x-deep":${times(100_000, '[')}`), invalidSyntax),
  create('65 levels of objects', user(`"x-deep":${times(65, '{"a":')}1${times(65, '}')}`), invalidSyntax),
  patchText('operations in two spellings', `{"schemas":["${patchOp}"],"Operations":[],"operations":[]}`, invalidSyntax),
]

/** Names that every JavaScript object inherits, in every place that takes a name. */
const prototypes: BadRequest[] = [
  list('__proto__ in a filter', 'filter=__proto__%20pr', invalidFilter),
  list('__proto__ below an attribute of a filter', 'filter=name.__proto__%20eq%20%22a%22', invalidFilter),
  list('constructor.prototype in a filter', 'filter=constructor.prototype%20pr', invalidFilter),
  list('toString.x in a filter', 'filter=toString.x%20pr', invalidFilter),
  list('__proto__ in a value path', 'filter=emails%5B__proto__%20eq%20%22a%22%5D', invalidFilter),
  list('__proto__ behind a URN in a filter', `filter=${enterpriseUser}:__proto__%20pr`, invalidFilter),
  list('__proto__ as sortBy', 'sortBy=__proto__', invalidValue),
  create('__proto__ as a key', user('"__proto__":{"polluted":true}'), invalidSyntax),
  create('__proto__ as an escaped key', user('"\\u005f_proto__":{"polluted":true}'), invalidSyntax),
  create('__proto__ inside an attribute', user('"name":{"__proto__":{"polluted":true}}'), invalidSyntax),
  create('__proto__ inside an element', user('"emails":[{"value":"a","__proto__":{"polluted":true}}]'), invalidSyntax),
  create('constructor as a key', user('"constructor":{"prototype":{"polluted":true}}'), invalidSyntax),
  create('__proto__ inside an extension', user(`"${enterpriseUser}":{"__proto__":{"polluted":true}}`), invalidSyntax),
  createGroup(
    '__proto__ as a member',
    `{"schemas":["${coreGroup}"],"displayName":"g","members":[{"value":"__proto__"}]}`,
    invalidValue,
  ),
  put('__proto__ in a PUT', user('"__proto__":{"polluted":true}'), invalidSyntax),
  ...['__proto__', '__proto__.polluted', 'constructor.prototype.polluted', 'toString.x', 'name.__proto__'].map((path) =>
    patch(`the path ${path}`, { op: 'add', path, value: true }, invalidPath),
  ),
  patch('__proto__ behind a URN', { op: 'add', path: `${enterpriseUser}:__proto__.polluted`, value: true }, invalidPath),
  patch('__proto__ as a URN', { op: 'add', path: '__proto__:polluted', value: true }, invalidPath),
  patch('__proto__ in a value filter', { op: 'add', path: 'emails[__proto__ eq "a"].value', value: 'x' }, invalidFilter),
  patch('__proto__ behind a value filter', { op: 'add', path: 'emails[value eq "a"].__proto__', value: 'x' }, invalidPath),
  patch('a dotted key that reaches for a prototype', { op: 'add', value: { '__proto__.polluted': true } }, { status: 400 }),
  patchText(
    '__proto__ as a key of a value',
    `{"schemas":["${patchOp}"],"Operations":[{"op":"add","value":{"__proto__":{"polluted":true}}}]}`,
    invalidSyntax,
  ),
  patchText(
    '__proto__ as a key of an operation',
    `{"schemas":["${patchOp}"],"Operations":[{"op":"add","__proto__":{"path":"title"},"value":"x"}]}`,
    invalidSyntax,
  ),
]

/** Well-formed, and still no request. */
const mistakes: BadRequest[] = [
  list('a word without an operator', 'filter=word', invalidFilter),
  list('an empty filter', 'filter=%20', invalidFilter),
  search('a number too large for a page', { count: 1e15 }, invalidValue),
  searchText('schemas that are objects', '{"schemas":[{"toString":1}],"filter":"title pr"}', invalidSyntax),
  searchText('a list', '[]', invalidSyntax),
  create('a text', '"bad"', invalidSyntax),
  create('null', 'null', invalidSyntax),
  put('a PUT without what is required', `{"schemas":["${coreUser}"]}`, invalidValue),
]

const proving = (id: string, requests: readonly BadRequest[]) => requests.map((request) => ({ ...request, id }))

export const badRequests: readonly BadRequest[] = [
  ...proving('SEC-SCIM-12', sizes),
  ...proving('SEC-SCIM-20', texts),
  ...proving('SEC-SCIM-10', prototypes),
  ...mistakes,
]
