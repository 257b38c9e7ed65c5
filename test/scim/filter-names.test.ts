import assert from 'node:assert/strict'
import type { ResourceType } from '../../src/contract/attribute-definition.js'
import { compileFilter, userFilterTarget } from '../../src/directory/index.js'
import { resolveFilter, resolveSort } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { oddSchema } from '../support/odd-schema.js'
import { refusalOf } from '../support/refusal.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const odd = oddSchema.id
const type = withExtensions(userType, [{ schema: oddSchema, required: false }])
const scope = { orgId: '01a20000-0000-7000-8000-000000000001', connectionId: '01a20000-0000-7000-8000-000000000002' }

type Switches = Parameters<typeof resolveFilter>[2]
const strict: Switches = { booleans: 'strict' }

const resolve = (filter: string, switches = strict, of: ResourceType = type) =>
  resolveFilter(of, parseFilter(filter, { bareValues: 'accept' }), switches)
const compile = (filter: string) => compileFilter(userFilterTarget(scope), resolve(filter))

describe('names in a filter (RFC 7644 §3.10)', () => {
  const same: readonly (readonly [one: string, other: string])[] = [
    ['USERNAME eq "x"', 'userName eq "x"'],
    ['URN:ietf:params:scim:schemas:core:2.0:user:username eq "x"', 'userName eq "x"'],
    ['Name.FamilyName eq "x"', 'name.familyName eq "x"'],
    [`${enterprise.toUpperCase()}:Manager.Value eq "x"`, `${enterprise}:manager eq "x"`],
    ['manager eq "x"', `${enterprise}:manager.value eq "x"`],
    ['emails eq "x"', 'emails.value eq "x"'],
    ['emails[TYPE eq "work" and VALUE eq "x"]', 'emails[type eq "work"].value eq "x"'],
    ['emails.value eq "x"', 'emails[value eq "x"]'],
    ['name[familyName eq "x"]', 'name.familyName eq "x"'],
    [`${odd}:tags[value eq "x"]`, `${odd}:tags eq "x"`],
    ['title ne null', 'title pr'],
    ['title eq null', 'not (title pr)'],
  ]
  for (const [one, other] of same) it(`${one} is ${other}`, () => assert.deepEqual(compile(one), compile(other)))

  const unknown = [
    'nick',
    'name.nick',
    'emails.nick',
    'emails[nick eq "x"].value',
    'urn:x:User:userName',
    `${enterprise}:nick`,
    'userName.x',
    'a.b.c',
    'name.',
    '.name',
    '',
  ]
  for (const path of unknown.filter(Boolean)) {
    it(`400 invalidFilter names an unknown attribute: ${path}`, () => {
      assert.match(
        refusalOf(() => resolve(`${path} eq "x"`)),
        /^scim_invalid_filter: The filter names ".*", which is no attribute of/,
      )
    })
  }

  for (const path of [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '__proto__.x',
    'constructor.prototype',
    'name.__proto__',
    'urn:x:__proto__',
    `${enterprise}:toString`,
  ]) {
    it(`SEC-SCIM-10 ${path} names nothing, as path, in a value path and to sort by`, () => {
      for (const filter of [`${path} pr`, `emails[${path} pr]`, `${path}[type pr]`]) {
        assert.match(
          refusalOf(() => resolve(filter)),
          /^scim_invalid_filter: /,
        )
      }
      assert.match(
        refusalOf(() => resolveSort(type, path, undefined)),
        /^scim_invalid_value: /,
      )
    })
  }

  const unanswerable: readonly (readonly [filter: string, of: ResourceType])[] = [
    ['meta.location eq "x"', type],
    ['meta.version eq "x"', type],
    ['members.$ref eq "x"', groupType],
    ['groups[$ref pr]', type],
    ['schemas[value eq "x"]', type],
    ['userName[value eq "x"]', type],
    [`${enterprise}[department eq "x"]`, type],
  ]
  for (const [filter, of] of unanswerable) {
    it(`says so instead of finding nothing: ${filter}`, () => {
      assert.match(
        refusalOf(() => resolve(filter, strict, of)),
        /^scim_invalid_filter: ".*" (?:cannot|is written|has no sub)/,
      )
    })
  }
})

describe('what is never returned', () => {
  const secret: readonly string[] = [
    'password',
    'PASSWORD',
    'urn:ietf:params:scim:schemas:core:2.0:User:password',
    `${odd}:pin`,
    `${odd}:safe.combination`,
    `${odd}:safe[combination sw "1"]`,
  ]
  for (const path of secret) {
    it(`SEC-SCIM-13 is neither filtered nor sorted by: ${path}`, () => {
      for (const tail of path.endsWith(']') ? [''] : [' eq "x"', ' sw "x"', ' pr', ' eq null']) {
        assert.match(
          refusalOf(() => resolve(`${path}${tail}`)),
          /^scim_invalid_filter: .* can never be read/,
        )
      }
      if (!path.includes('['))
        assert.match(
          refusalOf(() => resolveSort(type, path, undefined)),
          /^scim_invalid_value: .* can never be read/,
        )
    })
  }

  it('SEC-SCIM-13 is not told by the presence of what holds it either', () => {
    for (const filter of [`${odd}:safe pr`, `${odd} pr`]) {
      assert.doesNotMatch(JSON.stringify(resolve(filter)), /"combination"|"pin"/)
    }
  })
})
