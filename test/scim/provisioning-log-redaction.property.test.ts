import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ProfileName } from '../../src/contract/connection.js'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { coreGroup, core as coreUser, enterprise as enterpriseUser } from '../support/kinds.js'
import { type Asked, secretSchema, storedOf } from '../support/seen-call.js'

/**
 * Nothing secret is stored, wherever it was planted: under a password by any spelling, under a name that the schema does not know, in
 * an attribute that is never returned, as a value, in a list, in JSON inside text, in a filter. Each secret is one that occurs
 * nowhere else, so finding it anywhere is finding it.
 */

const urn = secretSchema.id
const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const secret = fc.oneof(
  fc.stringMatching(/^Zq[a-km-y0-9]{6,30}$/),
  fc.stringMatching(/^Zq[a-y0-9"'\\ :{}[\]é-]{6,30}$/).filter((text) => text.trim() === text),
)
/** Ways to wrap a secret into a value. */
const wrapped = (text: string): fc.Arbitrary<Json> =>
  fc.constantFrom<Json>(
    text,
    `the password is ${text}, keep it`,
    [text],
    [[text], 1],
    { value: text },
    [{ value: text, type: 'work' }],
    { password: text, deep: { deeper: [{ deepest: text }] } },
    JSON.stringify({ password: text }),
    JSON.stringify([text]),
  )

const passwordNames = [
  'password',
  'Password',
  'PASSWORD',
  'passWord',
  `${coreUser}:password`,
  `${coreUser.toUpperCase()}:PassWord`,
]
const foreignNames = [
  'passwd',
  'pwd',
  'clientSecret',
  'access_token',
  'Authorization',
  'x',
  'name.password',
  'urn:x:y',
  'emails.password',
]
const secretNames = ['pin', 'PIN', 'hint', 'seeds', 'Vault']
const unknown = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/).map((text) => `q${text}`)
const anyName = fc.oneof(fc.constantFrom(...passwordNames, ...foreignNames), unknown)

/** A place in a user's or a group's document, with the secret in it. */
const planted = (text: string): fc.Arbitrary<JsonObject> =>
  fc.oneof<fc.Arbitrary<JsonObject>[]>(
    fc.tuple(anyName, wrapped(text)).map(([name, value]) => ({ [name]: value })),
    fc
      .tuple(anyName, wrapped(text))
      .map(([name, value]) => ({ name: { givenName: 'Ada', [name.replace(/^urn.*/, 'q')]: value } })),
    fc.tuple(unknown, wrapped(text)).map(([name, value]) => ({ emails: [{ value: 'ada@example.com', [name]: value }] })),
    fc.tuple(unknown, wrapped(text)).map(([name, value]) => ({ [enterpriseUser]: { department: 'X', [name]: value } })),
    fc.tuple(fc.constantFrom(...secretNames), wrapped(text)).map(([name, value]) => ({ [urn]: { badge: 'b', [name]: value } })),
    wrapped(text).map((value) => ({ [urn.toUpperCase()]: { safe: { brand: 'b', combination: value } } })),
    fc.constant({ displayName: { password: text } }),
    fc.constant({ displayName: JSON.stringify({ password: text, clientSecret: [text] }) }),
    fc.constant({ roles: [{ value: JSON.stringify({ id: '1', value: 'admin', displayName: 'Admin', secret: text }) }] }),
    fc.constant({ title: { value: text } }),
    unknown.map((name) => ({ [name]: { userName: text, emails: [{ value: text }] } })),
    fc.constant({ schemas: [coreUser, { password: text }] }),
  )

const paths = (text: string): fc.Arbitrary<JsonObject> => {
  const literal = JSON.stringify(text)
  return fc.oneof<fc.Arbitrary<JsonObject>[]>(
    wrapped(text).map((value) => ({ op: 'replace', path: 'password', value })),
    wrapped(text).map((value) => ({ op: 'Add', path: `${coreUser}:PASSWORD`, value })),
    wrapped(text).map((value) => ({ op: 'replace', path: `${urn}:pin`, value })),
    wrapped(text).map((value) => ({ op: 'add', path: `${urn}:safe.combination`, value })),
    wrapped(text).map((value) => ({ op: 'add', path: `${urn}:vault[type eq "x"].value`, value })),
    fc.tuple(unknown, wrapped(text)).map(([path, value]) => ({ op: 'replace', path, value })),
    fc.tuple(unknown, wrapped(text)).map(([name, value]) => ({ op: 'replace', path: 'title', value: 'x', [name]: value })),
    fc.constant({ op: 'replace', path: `emails[password eq ${literal}].value`, value: 'x' }),
    fc.constant({ op: 'remove', path: `${urn}:vault[value eq ${literal}]` }),
    fc.constant({ op: 'remove', path: `passwords[value eq ${literal} and type eq "work"]` }),
    fc.constant({ op: 'replace', path: `title ${literal}`, value: 'x' }),
    fc.constant({ op: 'replace', value: { [`emails[password eq ${literal}].value`]: 'x' } }),
    fc.constant({ op: text, path: 'title', value: 'x' }),
    fc.constant({ op: 'replace', path: { secret: text }, value: 'x' }),
    planted(text).map((value) => ({ op: 'replace', value })),
    planted(text).map((value) => ({ op: 'add', path: urn, value: (value[urn] as JsonObject | undefined) ?? value })),
  )
}

const filters = (text: string): fc.Arbitrary<string> => {
  const literal = JSON.stringify(text)
  return fc.constantFrom(
    `password eq ${literal}`,
    `PASSWORD sw ${literal} and active eq true`,
    `${urn}:pin eq ${literal}`,
    `${urn}:vault[value eq ${literal}]`,
    `clientSecret eq ${literal}`,
    `userName eq "ada" and (token co ${literal}`,
    `password eq ${text.replace(/[\s"()[\]]/g, '')}`,
    `userName eqq ${literal}`,
    literal,
  )
}

const documents = (text: string) =>
  fc
    .array(planted(text), { minLength: 1, maxLength: 3 })
    .map((parts): JsonObject => Object.assign({ schemas: [coreUser], userName: 'ada@example.com' }, ...parts))

const patches = (text: string) =>
  fc.array(paths(text), { minLength: 1, maxLength: 3 }).map(
    (operations): JsonObject => ({
      schemas: [patchOp],
      Operations: [{ op: 'replace', path: 'nickName', value: 'Kept' }, ...operations],
    }),
  )

const calls = (text: string): fc.Arbitrary<Asked> =>
  fc.oneof(
    documents(text).map((body) => ({ method: 'POST', path: '/Users', body })),
    documents(text).map((body) => ({ method: 'PUT', path: '/Users/1', body })),
    documents(text).map((body) => ({ method: 'POST', path: '/Groups', body: { ...body, schemas: [coreGroup], userName: text } })),
    patches(text).map((body) => ({ method: 'PATCH', path: '/Users/1', body })),
    patches(text).map((body) => ({ method: 'PATCH', path: '/Groups/1', body })),
    filters(text).map((filter) => ({ method: 'GET', path: '/Users', query: new URLSearchParams({ filter }).toString() })),
    fc.tuple(unknown, filters(text)).map(([name, filter]) => ({
      method: 'GET',
      path: '/Groups',
      query: new URLSearchParams({ [name]: text, cursor: text, count: text, attributes: `userName,${text}`, filter }).toString(),
    })),
    fc.tuple(unknown, filters(text), wrapped(text)).map(([name, filter, value]) => ({
      method: 'POST',
      path: '/Users/.search',
      body: { schemas: [searchRequest], filter, sortOrder: text, [name]: value },
    })),
    fc.tuple(documents(text), patches(text), unknown, wrapped(text)).map(([data, patch, name, value]) => ({
      method: 'POST',
      path: '/Bulk',
      body: {
        schemas: [bulkRequest],
        [name]: value,
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'a', data, [name]: value },
          { method: 'PATCH', path: '/Groups/1', data: patch },
          { method: 'PUT', path: '/Somewhere/1', data: value },
          { method: text, path: '/Users/1', version: text, data: value },
        ],
      },
    })),
    wrapped(text).map((body) => ({ method: 'POST', path: '/Users', body })),
    wrapped(text).map((body) => ({ method: 'PATCH', path: '/Users/1', body })),
  )

const cases = secret.chain((text) =>
  fc.record({
    text: fc.constant(text),
    asked: calls(text),
    profile: fc.constantFrom<ProfileName>('rfc', 'generic', 'entra', 'entra-legacy'),
  }),
)

/** The secret as it is, and as it would look inside JSON. */
const looks = (text: string): string[] => [
  text,
  JSON.stringify(text).slice(1, -1),
  JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
]

describe('what the provisioning log stores', () => {
  it('SEC-CRY-2 SEC-SCIM-13 never has a secret in it, wherever and however it was sent', () => {
    fc.assert(
      fc.property(cases, ({ text, asked, profile }) => {
        const stored = JSON.stringify(storedOf(asked, profile))
        for (const look of looks(text)) assert.ok(!stored.includes(look), `${look} in ${stored}`)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has everything else that the schema knows, as it was sent', () => {
    const readable = fc.record(
      {
        userName: fc.constantFrom('ada', 'ADA@example.com'),
        title: fc.stringMatching(/^[A-Z][a-z ]{0,20}$/),
        active: fc.constantFrom<Json>(true, false, 'True', 'False'),
        emails: fc.array(fc.record({ value: fc.emailAddress(), type: fc.constantFrom('work', 'home') }), { maxLength: 3 }),
        [enterpriseUser]: fc.record({ department: fc.constantFrom('X', 'y z'), manager: fc.record({ value: fc.constant('1') }) }),
        [urn]: fc.record({ badge: fc.constant('b'), safe: fc.record({ brand: fc.constant('c') }) }),
      },
      { requiredKeys: ['userName'] },
    )
    fc.assert(
      fc.property(readable, (document) => {
        const plain = JSON.parse(JSON.stringify(document)) as JsonObject
        const body = { schemas: [coreUser], ...plain }
        assert.deepEqual(storedOf({ method: 'POST', path: '/Users', body }).request, { body })
        const operations = Object.entries(plain).map(([path, value]) => ({ op: 'replace', path, value }))
        const patch: JsonObject = { schemas: [patchOp], Operations: operations }
        assert.deepEqual(storedOf({ method: 'PATCH', path: '/Users/1', body: patch }).request, { body: patch })
      }),
      { numRuns: 300 },
    )
  })
})
