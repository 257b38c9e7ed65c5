import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { detectProfile, type SeenRequest } from '../../src/scim/dialects/detect.js'
import { exchangesOf, type NamedTranscript, readTranscripts } from '../idps/transcript.js'

const seen = (method: string, path: string, body?: Json, headers: Record<string, string> = {}): SeenRequest => ({
  method,
  path,
  headers,
  ...(body !== undefined && { body }),
})
const patch = (...operations: Json[]) => seen('PATCH', '/Users/1', { Operations: operations })
const proposed = (...requests: SeenRequest[]) => detectProfile(requests).profile
const okta = { 'user-agent': 'Okta SCIM Client 1.0.0' }

function trafficOf(transcript: NamedTranscript): SeenRequest[] {
  return exchangesOf(transcript).map(({ request }) => {
    const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? undefined])
    return { ...request, headers: Object.fromEntries(headers) }
  })
}

describe('detection of a profile from traffic', () => {
  /** Their traffic has nothing that others do not send. */
  const plain = ['entra/test-connection', 'entra/discovery']

  for (const transcript of readTranscripts()) {
    const own = plain.includes(transcript.name) || transcript.profile === 'rfc' ? 'generic' : transcript.profile
    it(`proposes ${own} for ${transcript.name}, and says why`, () => {
      const { profile, reasons } = detectProfile(trafficOf(transcript))
      assert.equal(profile, own, reasons.join('; '))
      assert.ok(reasons.length > 0)
    })
  }

  it('counts in how many requests a habit was seen, and tells each habit once', () => {
    const disable = patch({ op: 'Replace', path: 'active', value: 'False' })
    assert.deepEqual(detectProfile([disable, disable, seen('GET', '/Users')]), {
      profile: 'entra',
      reasons: [
        'writes operations as "Add", "Replace" and "Remove" (2 of 3 requests)',
        'writes booleans as the text "True" or "False" (2 of 3 requests)',
      ],
    })
  })

  it('takes what several clients do for a hint only beside what one alone does', () => {
    assert.equal(proposed(seen('GET', '/Users?filter=externalId eq jyoung')), 'generic')
    assert.equal(proposed(patch({ op: 'replace', value: { 'name.givenName': 'x' } })), 'generic')
    assert.equal(proposed(seen('PUT', '/Users/1', { active: false }), seen('PUT', '/Groups/1', {})), 'generic')
    assert.equal(proposed(patch({ op: 'replace', value: { active: false } })), 'generic')
    assert.equal(proposed(patch({ op: 'replace', path: 'title', value: 'True' })), 'generic')
    const { reasons } = detectProfile([
      seen('GET', '/Users?filter=externalId eq jyoung'),
      seen('GET', '/Users?aadOptscim062020&filter=userName+eq+%22x%22'),
    ])
    assert.deepEqual(reasons, [
      'has the flag aadOptscim062020 in its addresses (1 of 2 requests)',
      'leaves out the quotes around text in filters (1 of 2 requests)',
    ])
  })

  it('tells the two kinds of Okta apart by PUT and PATCH, and takes the catalogue for likelier before either was seen', () => {
    assert.equal(proposed(seen('GET', '/Users?startIndex=1&count=2', undefined, okta)), 'okta-oin')
    assert.equal(proposed(seen('PUT', '/Users/1', { active: false }, okta)), 'okta-aiw')
    assert.equal(proposed(seen('PUT', '/Users/1', { active: true }, okta)), 'okta-oin')
    assert.equal(proposed(seen('PUT', '/Groups/1', {}, okta), seen('PATCH', '/Groups/1', {}, okta)), 'okta-oin')
    const create = { userName: 'x', groups: [], password: '1mz050nq' }
    assert.equal(proposed(seen('POST', '/Users', create)), 'okta-oin')
    assert.equal(proposed(seen('POST', '/Users', { ...create, groups: undefined as unknown as Json })), 'generic')
  })

  it('proposes generic where the habits of two clients are mixed, and names both', () => {
    const { profile, reasons } = detectProfile([
      seen('GET', '/Users', undefined, okta),
      patch({ op: 'Add', path: 'nickName', value: 'x' }),
    ])
    assert.equal(profile, 'generic')
    assert.match(reasons.join('\n'), /Okta and of Entra ID[\s\S]*Okta SCIM Client[\s\S]*"Add"/)
  })

  it('proposes generic for no traffic, and for traffic of any shape', () => {
    assert.equal(detectProfile([]).profile, 'generic')
    const odd: Json[] = [
      null,
      [],
      'x',
      1,
      { Operations: 'x' },
      { Operations: [null, 1, { op: 1, path: {}, value: [null] }] },
      { schemas: [1] },
    ]
    for (const body of odd) {
      for (const method of ['POST', 'PUT', 'PATCH', 'BREW'])
        assert.equal(proposed(seen(method, '/Users?filter=%', body)), 'generic')
    }
  })

  it('repeats nothing of what was sent in its reasons', () => {
    const { reasons } = detectProfile([
      seen('POST', '/Users', { userName: 'ada', groups: [], password: 'hunter2' }, { ...okta, authorization: 'Bearer hunter2' }),
    ])
    assert.doesNotMatch(reasons.join(), /hunter2|ada/)
  })
})
