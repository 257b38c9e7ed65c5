import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Json } from '../../src/platform/json.js'
import { describedElement, elementTest } from '../../src/scim/element-match.js'
import { resolveFilter } from '../../src/scim/filter.js'
import { type FilterSyntax, parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema, plural } from '../../src/scim/schema-define.js'
import { filterOf } from '../support/filter-arbitraries.js'
import { matches } from '../support/filter-oracle.js'
import { filterText } from '../support/filter-text.js'
import { worldOf } from '../support/world-arbitraries.js'

/** Lists of everything a filter can compare. */
const lists = defineSchema({
  id: 'urn:acme:Lists',
  name: 'Lists',
  description: '',
  attributes: [
    { name: 'tags', multiValued: true },
    { name: 'days', type: 'dateTime', multiValued: true },
    plural('badges', '', [
      { name: 'value', caseExact: true },
      { name: 'weight', type: 'decimal' },
      { name: 'issued', type: 'dateTime' },
      { name: 'page', type: 'reference', referenceTypes: ['external'] },
      { name: 'key', type: 'binary', caseExact: true },
      { name: 'primary', type: 'boolean' },
      { name: 'labels', multiValued: true },
    ]),
  ],
})
const type = withExtensions(userType, [{ schema: lists, required: false }])
const user = worldOf({ user: type, group: groupType }).map(({ users }) => users[0]?.profile ?? {})
const listFilter = filterOf(type).filter(
  ({ op, ...rest }) => op === 'valuePath' && 'path' in rest && !/^(?:urn.*:)?(groups|meta)$/i.test(rest.path),
)
const resolve = (text: string) => {
  const where = resolveFilter(type, parseFilter(text, { bareValues: 'refuse' }), { booleans: 'strict' })
  return where.kind === 'any' ? where.where : where
}

describe('a filter asked of one element', () => {
  it('means what the same filter means in a query: an oracle that knows only the RFC agrees', () => {
    fc.assert(
      fc.property(user, listFilter, (document, filter: FilterSyntax) => {
        const found = elementTest(resolveFilter(type, filter, { booleans: 'strict' }))(document)
        assert.equal(found, matches(type, document, filter), filterText(filter))
      }),
      { numRuns: 500 },
    )
  })

  it('describes an element where it is nothing but "eq" joined by "and"', () => {
    const described: [string, Json | undefined][] = [
      ['emails[type eq "work"]', { type: 'work' }],
      ['emails[type eq "work" and primary eq true]', { type: 'work', primary: true }],
      ['emails[(type eq "work" and primary eq true) and value eq "a"]', { type: 'work', primary: true, value: 'a' }],
      [
        'urn:acme:Lists:badges[weight eq 1.5 and issued eq "2024-02-29T12:00:00Z"]',
        { weight: 1.5, issued: '2024-02-29T12:00:00Z' },
      ],
      ['urn:acme:Lists:tags[value eq "a"]', 'a'],
      ['urn:acme:Lists:tags[value eq "a" and value eq "b"]', undefined],
      ['emails[type eq "work" and type eq "home"]', undefined],
      ['emails[type eq "work" or type eq "home"]', undefined],
      ['emails[not (type eq "work")]', undefined],
      ['emails[type sw "work"]', undefined],
      ['emails[type eq null]', undefined],
      ['emails[type pr]', undefined],
      ['urn:acme:Lists:badges[labels eq "a"]', undefined],
    ]
    for (const [text, element] of described) assert.deepEqual(describedElement(resolve(text)), element, text)
  })
})
