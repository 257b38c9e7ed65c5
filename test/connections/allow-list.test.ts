import assert from 'node:assert/strict'
import { isAllowed } from '../../src/connections/index.js'
import { connectionSettings } from '../../src/contract/connection-settings.js'

const cases: readonly (readonly [ranges: readonly string[], ip: string, allowed: boolean])[] = [
  [[], '203.0.113.9', true],
  [['192.0.2.0/24'], '192.0.2.255', true],
  [['192.0.2.0/24'], '192.0.3.0', false],
  [['192.0.2.7'], '192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.8', false],
  [['192.0.2.7/24'], '192.0.2.200', true],
  [['0.0.0.0/0'], '203.0.113.9', true],
  [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
  [['192.0.2.0/24'], '::FFFF:c000:209', true],
  [['192.0.2.0/24'], '0:0:0:0:0:ffff:192.0.2.9', true],
  [['192.0.2.0/24'], '::ffff:192.0.3.9', false],
  [['192.0.2.0/24'], '::192.0.2.9', false],
  [['::ffff:192.0.2.0/120'], '192.0.2.9', true],
  [['::ffff:192.0.2.0/120'], '192.0.3.9', false],
  [['2001:db8::/32'], '2001:db8:1::1', true],
  [['2001:db8::/32'], '2001:0DB8:0001:0::1', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['198.51.100.0/24', '2001:db8::1'], '2001:db8::1', true],
  [['198.51.100.0/24', '2001:db8::1'], '2001:db8::2', false],
  [['192.0.2.0/24'], '', false],
  [['192.0.2.0/24'], 'localhost', false],
]

describe('the allowed addresses of a connection', () => {
  for (const [ranges, ip, allowed] of cases) {
    it(`${ranges.join(', ') || 'none named'} ${allowed ? 'let' : 'keep out'} ${ip || 'nothing'}`, () =>
      assert.equal(isAllowed(ranges, ip), allowed))
  }

  it('are addresses and CIDR ranges, and nothing else is taken', () => {
    const taken = (range: string) => connectionSettings.safeParse({ allowedFrom: [range] }).success
    for (const range of ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32', '::1', '::ffff:10.0.0.0/104'])
      assert.ok(taken(range), range)
    for (const range of [
      '',
      'anywhere',
      '192.0.2.0/33',
      '192.0.2/24',
      '2001:db8::/129',
      '192.0.2.1-9',
      '10.0.0.0/8/8',
      '10.0.0.1,10.0.0.2',
    ])
      assert.ok(!taken(range), range)
  })
})
