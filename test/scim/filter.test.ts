import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ResourceType } from '../../src/contract/attribute-definition.js'
import { compileFilter, userFilterTarget } from '../../src/directory/index.js'
import { resolveFilter } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { userType, withExtensions } from '../../src/scim/resource-types.js'
import { oddSchema } from '../support/odd-schema.js'
import { refusalOf } from '../support/refusal.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const odd = oddSchema.id
const type = withExtensions(userType, [{ schema: oddSchema, required: false }])
const scope = { orgId: '01a20000-0000-7000-8000-000000000001', connectionId: '01a20000-0000-7000-8000-000000000002' }

type Switches = Parameters<typeof resolveFilter>[2]
const strict: Switches = { booleans: 'strict' }
const strings: Switches = { booleans: 'strings' }

const resolve = (filter: string, switches = strict, of: ResourceType = type) =>
  resolveFilter(of, parseFilter(filter, { bareValues: 'accept' }), switches)
const compile = (filter: string) => compileFilter(userFilterTarget(scope), resolve(filter))

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']

describe('operators and types (RFC 7644 §3.4.2.2)', () => {
  const table: readonly (readonly [type: string, path: string, literal: string, allowed: readonly string[]])[] = [
    ['string', 'nickName', '"x"', operators],
    ['case-exact string', 'externalId', '"x"', operators],
    ['reference', 'profileUrl', '"x"', operators],
    ['boolean', 'active', 'true', ['eq', 'ne']],
    ['integer', `${odd}:level`, '1', ['eq', 'ne', 'gt', 'ge', 'lt', 'le']],
    ['decimal', `${odd}:score`, '1.5', ['eq', 'ne', 'gt', 'ge', 'lt', 'le']],
    ['dateTime', 'meta.created', '"2011-05-13T04:42:34Z"', ['eq', 'ne', 'gt', 'ge', 'lt', 'le']],
    ['dateTime of an extension', `${odd}:hired`, '"2011-05-13T04:42:34"', ['eq', 'ne', 'gt', 'ge', 'lt', 'le']],
    ['binary', 'x509Certificates.value', '"YQ=="', ['eq', 'ne', 'co', 'sw', 'ew']],
    ['complex with a value', 'emails', '"x"', ['eq', 'ne', 'co', 'sw', 'ew']],
    ['complex with a boolean value path', 'emails.primary', 'true', ['eq', 'ne']],
    ['complex without a value', 'name', '"x"', []],
    ['multi-valued complex without a value', 'addresses', '"x"', []],
    ['plain list', `${odd}:tags`, '"x"', operators],
    ['list in a list', `${odd}:badges.labels`, '"x"', operators],
    ['whole extension', enterprise, '"x"', []],
    ['schemas', 'schemas', `"${enterprise}"`, operators],
    ['resource type', 'meta.resourceType', '"User"', operators],
    ['id', 'id', '"x"', operators],
    ['groups', 'groups', '"x"', ['eq', 'ne', 'co', 'sw', 'ew']],
  ]
  for (const [name, path, literal, allowed] of table) {
    it(`${name}: ${allowed.join(', ') || 'none'}, and pr; all others are 400 invalidFilter`, () => {
      for (const op of operators) {
        const filter = `${path} ${op} ${literal}`
        if (allowed.includes(op)) assert.ok(compile(filter).sql)
        else
          assert.match(
            refusalOf(() => resolve(filter)),
            /^scim_invalid_filter: /,
            filter,
          )
      }
      for (const filter of [`${path} pr`, `${path} eq null`, `${path} ne null`]) assert.ok(compile(filter).sql)
      for (const op of ['co', 'gt', 'le'])
        assert.match(
          refusalOf(() => resolve(`${path} ${op} null`)),
          /^scim_invalid_filter: /,
        )
    })
  }

  const misfits = [
    'nickName eq true',
    'nickName eq True',
    'active eq "yes"',
    'active eq 1',
    `${odd}:level eq "1"`,
    `${odd}:level eq 1.5`,
    `${odd}:score eq "x"`,
  ]
  const dates = [
    '2011-05-13',
    '2011-02-29T00:00:00Z',
    '2011-05-13T25:00:00Z',
    '2011-05-13 04:42:34Z',
    'yesterday',
    '0000-01-01T00:00:00Z',
    '',
  ]
  for (const filter of [
    ...misfits,
    ...dates.map((date) => `meta.created gt "${date}"`),
    'meta.created gt 5',
    `${odd}:hired eq true`,
  ]) {
    it(`a literal that does not fit is 400 invalidFilter: ${filter}`, () => {
      assert.match(
        refusalOf(() => resolve(filter)),
        /^scim_invalid_filter: ".*" must be compared with /,
      )
    })
  }

  it('an unquoted value is what its attribute makes of it', () => {
    assert.deepEqual(resolve('externalId eq jyoung'), resolve('externalId eq "jyoung"'))
    assert.deepEqual(resolve('externalId eq 007'), resolve('externalId eq "007"'))
    assert.deepEqual(resolve(`${odd}:level eq 7`), { kind: 'number', keys: [odd, 'level'], op: 'eq', value: 7 })
    assert.deepEqual(resolve('meta.created gt 2011-05-13T04:42:34Z'), resolve('meta.created gt "2011-05-13T04:42:34Z"'))
  })

  it('"True" and "False", quoted or not, are booleans where the switch says so, and 400 where not', () => {
    for (const literal of ['"True"', 'True', '"TRUE"', '"true"', 'true']) {
      assert.deepEqual(resolve(`active eq ${literal}`, strings), { kind: 'boolean', keys: ['active'], op: 'eq', value: true })
      assert.deepEqual(resolve(`roles[primary eq ${literal}]`, strings), resolve('roles[primary eq true]'))
      if (literal !== 'true')
        assert.match(
          refusalOf(() => resolve(`active eq ${literal}`)),
          /^scim_invalid_filter: "active" must be/,
        )
    }
    assert.deepEqual(resolve('active eq "False"', strings), { kind: 'boolean', keys: ['active'], op: 'eq', value: false })
  })
})

describe('SEC-SCIM-11 the SQL of a filter', () => {
  const shapes = [
    'userName eq *',
    'userName sw *',
    'nickName co *',
    'nickName ew *',
    'nickName gt *',
    'externalId ne *',
    'id eq *',
    'emails eq *',
    'photos[type eq * and value co *]',
    'groups eq *',
    'groups[type eq * or display co *]',
    'schemas eq *',
    'meta.resourceType ne *',
    `not (${odd}:codes eq *)`,
  ]
  for (const shape of shapes) {
    it(`depends on the shape and never on the value: ${shape}`, () => {
      const text = (value: string) => compile(shape.replaceAll('*', JSON.stringify(value)))
      const usual = text('x')
      const odds = fc.constantFrom(
        "'",
        "';--",
        '%',
        '_',
        '?',
        '??',
        '\\?',
        ':x',
        '$1',
        '"',
        '\\',
        enterprise,
        scope.orgId,
        'User',
        'direct',
      )
      fc.assert(
        fc.property(fc.oneof(odds, fc.string({ unit: 'grapheme' })), (value) => {
          fc.pre(!value.includes('\0'))
          const { sql, bindings } = text(value)
          assert.equal(sql, usual.sql)
          assert.equal(bindings.length, sql.split('?').length - 1)
        }),
      )
    })
  }

  it('orders text by code points, whatever the collation of the database', () => {
    for (const filter of ['nickName gt "x"', 'userName le "x"', 'emails.value ge "x"', 'id lt "x"', 'groups.display gt "x"']) {
      assert.match(compile(filter).sql, / collate "C" (?:[<>]=?) /)
    }
  })

  it('stands in parentheses of its own, so that no "or" reaches around the tenant beside it', () => {
    const { sql } = compile('userName eq "a" or userName pr or id pr')
    let depth = 0
    const closings = [...sql].flatMap((char, index) => {
      depth += char === '(' ? 1 : char === ')' ? -1 : 0
      return depth === 0 ? [index] : []
    })
    assert.deepEqual(closings, [sql.length - 1])
  })
})
