import assert from 'node:assert/strict'
import { type FilterSyntax, type FilterValue, parsePatchPath } from '../../src/scim/filter-syntax.js'
import { refusalOf } from '../support/refusal.js'

const eq = (path: string, value: FilterValue): FilterSyntax => ({ op: 'eq', path, value })
const pr = (path: string): FilterSyntax => ({ op: 'pr', path })

describe('a PATCH path (RFC 7644 §3.5.2)', () => {
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  const readings: readonly (readonly [text: string, path: ReturnType<typeof parsePatchPath>])[] = [
    ['members', { path: 'members' }],
    ['name.familyName', { path: 'name.familyName' }],
    [`${enterprise}:manager.displayName`, { path: `${enterprise}:manager.displayName` }],
    [`${enterprise}.department`, { path: `${enterprise}.department` }],
    [enterprise, { path: enterprise }],
    ['addresses[type eq "work"]', { path: 'addresses', filter: eq('type', 'work') }],
    [
      'members[value eq "2819c223-7f76-453a-919d-413861904646"]',
      { path: 'members', filter: eq('value', '2819c223-7f76-453a-919d-413861904646') },
    ],
    [
      'members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName',
      { path: 'members', filter: eq('value', '2819c223-7f76-453a-919d-413861904646'), sub: 'displayName' },
    ],
    ['emails[type eq "work"].Value', { path: 'emails', filter: eq('type', 'work'), sub: 'Value' }],
    ['emails[value eq "a.b]c@[x.y"].value', { path: 'emails', filter: eq('value', 'a.b]c@[x.y'), sub: 'value' }],
    ['roles[primary eq "True"].value', { path: 'roles', filter: eq('primary', 'True'), sub: 'value' }],
    ['roles[primary eq True]', { path: 'roles', filter: eq('primary', { bare: 'True' }) }],
    [
      `${enterprise}:list[not (a pr) or b pr].c`,
      { path: `${enterprise}:list`, filter: { op: 'or', terms: [{ op: 'not', term: pr('a') }, pr('b')] }, sub: 'c' },
    ],
  ]
  for (const [text, path] of readings) it(`reads ${text}`, () => assert.deepEqual(parsePatchPath(text), path))

  for (const text of ['', ' ', '[type eq "work"]', '"emails"', 'emails emails', 'emails eq "x"', '(emails)', 'a]', 'a\0']) {
    it(`refuses ${JSON.stringify(text)} with invalidPath`, () => {
      assert.match(
        refusalOf(() => parsePatchPath(text)),
        /^scim_invalid_path: The path /,
      )
    })
  }

  for (const text of [
    'a[',
    'a[]',
    'a[b]',
    'a[b eq]',
    'a[b eq c]',
    'a[b[c pr]]',
    'a[b eq "c]',
    'a[b pr]]',
    'a[b pr].',
    'a[b pr].c d',
    'a[b pr] pr',
  ]) {
    it(`refuses ${text} with invalidFilter`, () => {
      assert.match(
        refusalOf(() => parsePatchPath(text)),
        /^scim_invalid_filter: The path is malformed at character \d+: /,
      )
    })
  }
})
