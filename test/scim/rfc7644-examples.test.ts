import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { sharedTestApp } from '../support/app.js'
import {
  coreGroup,
  coreUser,
  enterpriseUser,
  errorSchema,
  listSchema,
  type ScimClient,
  scimClient,
} from '../support/scim-client.js'

/** Every example of RFC 7644, section by section, but for Bulk (§3.7) and /Me (§3.11). */
describe('the examples of RFC 7644', () => {
  let scim: ScimClient
  let made = 0

  before(async () => {
    scim = await newClient()
  })

  const newClient = async () => {
    const app = await sharedTestApp()
    const organization = await app.createOrganization({ profile: 'rfc' })
    return scimClient(organization.baseUrl, organization.token)
  }

  const user = async (userName: string, rest: JsonObject = {}) => {
    const answer = await scim.post('/Users', { schemas: [coreUser], userName, ...rest })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const group = async (members: JsonObject[] = []) => {
    const answer = await scim.post('/Groups', { schemas: [coreGroup], displayName: `Tour Guides ${made++}`, members })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const names = async (filter: string): Promise<string[]> => {
    const answer = await scim.filter('/Users', filter)
    assert.equal(answer.status, 200, `${filter}: ${answer.text}`)
    return answer.body.Resources.map((resource: { userName: string }) => resource.userName).sort()
  }

  it('§3.3 creates a resource and says where it is', async () => {
    const sent = {
      schemas: [coreUser],
      userName: 'bjensen',
      externalId: 'bjensen',
      name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
    }
    const { status, headers, body } = await scim.post('/Users', sent)
    assert.equal(status, 201)
    assert.equal(headers.get('content-type'), 'application/scim+json')
    assert.equal(headers.get('location'), `${scim.baseUrl}/Users/${body.id}`)
    assert.equal(headers.get('etag'), body.meta.version)
    assert.equal(body.meta.location, headers.get('location'))
    assert.equal(body.meta.resourceType, 'User')
    assert.equal(body.meta.created, body.meta.lastModified)
    const { id, meta, active, ...rest } = body
    assert.deepEqual(rest, sent)
  })

  it('§3.4.1 reads a known resource', async () => {
    const { id } = await user('read-me', { nickName: 'R', phoneNumbers: [{ value: '555-555-8377', type: 'work' }] })
    const { status, body, headers } = await scim.get(`/Users/${id}`)
    assert.equal(status, 200)
    assert.deepEqual([body.id, body.nickName, body.phoneNumbers], [id, 'R', [{ value: '555-555-8377', type: 'work' }]])
    assert.equal(headers.get('etag'), body.meta.version)
  })

  it('§3.4.2 lists with the attributes asked for, and id and schemas always', async () => {
    const { status, body } = await scim.get('/Users?attributes=userName')
    assert.equal(status, 200)
    assert.deepEqual(body.schemas, [listSchema])
    assert.equal(body.totalResults, body.Resources.length)
    for (const resource of body.Resources) assert.deepEqual(Object.keys(resource).sort(), ['id', 'schemas', 'userName'])
  })

  it('§3.4.2.1 queries the root over all resource types', async () => {
    await group()
    const filter = encodeURIComponent('(meta.resourceType eq "User") or (meta.resourceType eq "Group")')
    const { status, body } = await scim.get(`/?filter=${filter}&count=200`)
    assert.equal(status, 200)
    assert.deepEqual([...new Set(body.Resources.map((r: { meta: { resourceType: string } }) => r.meta.resourceType))].sort(), [
      'Group',
      'User',
    ])
    assert.equal(body.totalResults, body.Resources.length)
  })

  describe('§3.4.2.2 filters', () => {
    const all: Record<string, JsonObject> = {
      'f-omalley': {
        name: { familyName: "O'Malley" },
        title: 'Guide',
        userType: 'Employee',
        emails: [{ value: 'o@example.com', type: 'work' }],
      },
      'J-first': { userType: 'Intern', emails: [{ value: 'j@example.org', type: 'home' }] },
      'j-second': { userType: 'Contractor', ims: [{ type: 'xmpp', value: 'j@foo.com' }] },
      'f-ent': {
        userType: 'Employee',
        emails: [{ value: 'e@elsewhere.net', type: 'work' }],
        [enterpriseUser]: { department: 'Tour' },
      },
    }
    let outside: ScimClient
    before(async () => {
      outside = scim
      scim = await newClient()
      for (const [userName, rest] of Object.entries(all)) {
        const schemas = enterpriseUser in rest ? [coreUser, enterpriseUser] : [coreUser]
        await user(userName, { ...rest, schemas })
      }
    })
    after(() => {
      scim = outside
    })
    const rows: [filter: string, found: string[]][] = [
      ['userName eq "F-OMALLEY"', ['f-omalley']],
      ['name.familyName co "O\'Malley"', ['f-omalley']],
      ['userName sw "J"', ['J-first', 'j-second']],
      ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', ['J-first', 'j-second']],
      ['title pr', ['f-omalley']],
      ['title pr and userType eq "Employee"', ['f-omalley']],
      ['title pr or userType eq "Intern"', ['J-first', 'f-omalley']],
      ['schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', ['f-ent']],
      ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', ['f-omalley']],
      ['userType pr and userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', ['j-second']],
      ['userType eq "Employee" and (emails.type eq "work")', ['f-ent', 'f-omalley']],
      ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', ['f-omalley']],
      [
        'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
        ['f-omalley', 'j-second'],
      ],
      ['meta.lastModified gt "2011-05-13T04:42:34Z" and title pr', ['f-omalley']],
      ['meta.lastModified ge "2011-05-13T04:42:34Z" and title pr', ['f-omalley']],
      ['meta.lastModified lt "2011-05-13T04:42:34Z"', []],
      ['meta.lastModified le "2011-05-13T04:42:34Z"', []],
    ]
    for (const [filter, found] of rows) it(filter, async () => assert.deepEqual(await names(filter), [...found].sort()))
  })

  it('§3.4.2.3 sorts without case, missing values last', async () => {
    for (const [userName, title] of [
      ['s1', 'beta'],
      ['s2', 'Alpha'],
      ['s3', 'gamma'],
    ])
      await user(`sort-${userName}`, { title: title ?? '' })
    await user('sort-none')
    const titles = async (order: string) =>
      (
        await scim.get(`/Users?filter=${encodeURIComponent('userName sw "sort-"')}&sortBy=title&sortOrder=${order}`)
      ).body.Resources.map((r: { title?: string }) => r.title ?? null)
    assert.deepEqual(await titles('ascending'), ['Alpha', 'beta', 'gamma', null])
    assert.deepEqual(await titles('descending'), [null, 'gamma', 'beta', 'Alpha'])
  })

  it('§3.4.2.4 pages by index, without overlap, and says so in numbers', async () => {
    const first = (await scim.get('/Users?startIndex=1&count=3')).body
    const second = (await scim.get('/Users?startIndex=4&count=3')).body
    assert.deepEqual([first.startIndex, first.itemsPerPage, second.startIndex, second.itemsPerPage], [1, 3, 4, 3])
    const ids = [...first.Resources, ...second.Resources].map((r: { id: string }) => r.id)
    assert.equal(new Set(ids).size, 6)
    const below = (await scim.get('/Users?startIndex=0&count=1')).body
    assert.deepEqual([below.startIndex, below.Resources[0].id], [1, first.Resources[0].id])
    const none = (await scim.get('/Users?count=0')).body
    assert.deepEqual([none.Resources, none.totalResults, none.itemsPerPage], [[], first.totalResults, 0])
    const negative = (await scim.get('/Users?count=-5')).body
    assert.deepEqual(negative.Resources, [])
    const past = await scim.get('/Users?startIndex=100000&count=3')
    assert.deepEqual([past.status, past.body.totalResults, past.body.Resources], [200, first.totalResults, []])
  })

  it('§3.4.3 searches by POST', async () => {
    await user('smithy', { displayName: 'Smith, James' })
    const search = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      attributes: ['displayName', 'userName'],
      filter: 'displayName sw "smith"',
      startIndex: 1,
      count: 10,
    }
    for (const path of ['/Users/.search', '/.search']) {
      const { status, body } = await scim.post(path, search)
      assert.equal(status, 200)
      assert.equal(body.totalResults, 1)
      const { id, schemas, ...rest } = body.Resources[0]
      assert.deepEqual(rest, { userName: 'smithy', displayName: 'Smith, James' })
    }
  })

  it('§3.5.1 replaces: what is left out is cleared, what is read-only is ignored', async () => {
    const { id, meta } = await user('put-me', { nickName: 'Old', emails: [{ value: 'old@example.com' }] })
    const sent = {
      schemas: [coreUser],
      id: 'somebody-else',
      userName: 'put-me',
      externalId: 'bjensen-2',
      name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
      roles: [],
      emails: [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }],
      meta: { created: '2000-01-01T00:00:00Z' },
    }
    const { status, body } = await scim.put(`/Users/${id}`, sent)
    assert.equal(status, 200)
    assert.deepEqual([body.id, body.meta.created, body.nickName, body.roles], [id, meta.created, undefined, undefined])
    assert.deepEqual(body.emails, sent.emails)
    assert.notEqual(body.meta.version, meta.version)
  })

  it('§3.5.2.1 adds a member, and adds attributes without a path', async () => {
    const [babs, mandy] = [await user('babs'), await user('mandy')]
    const tour = await group([{ value: babs.id }])
    const added = await scim.patch(`/Groups/${tour.id}`, [
      {
        op: 'add',
        path: 'members',
        value: [{ display: 'Babs Jensen', $ref: `${scim.baseUrl}/Users/${mandy.id}`, value: mandy.id }],
      },
    ])
    assert.equal(added.status, 200)
    assert.deepEqual(
      added.body.members.map((m: { value: string }) => m.value),
      [babs.id, mandy.id],
    )
    const pathless = await scim.patch(`/Users/${babs.id}`, [
      { op: 'add', value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' } },
    ])
    assert.deepEqual(
      [pathless.status, pathless.body.nickName, pathless.body.emails],
      [200, 'Babs', [{ value: 'babs@jensen.org', type: 'home' }]],
    )
  })

  it('§3.5.2.1 a value already there moves neither version nor lastModified', async () => {
    const before = await user('noop', { nickName: 'N', emails: [{ value: 'n@example.com', type: 'work' }] })
    const after = await scim.patch(`/Users/${before.id}`, [
      { op: 'add', path: 'emails', value: [{ value: 'n@example.com', type: 'work' }] },
      { op: 'add', path: 'nickName', value: 'N' },
    ])
    assert.deepEqual([after.status, after.body.meta], [200, before.meta])
  })

  it('§3.5.2.2 removes one member, all members, some values of two attributes', async () => {
    const people = [await user('rm1'), await user('rm2'), await user('rm3')]
    const tour = await group(people.map((person) => ({ value: person.id })))
    const one = await scim.patch(`/Groups/${tour.id}`, [{ op: 'remove', path: `members[value eq "${people[0].id}"]` }])
    assert.deepEqual(
      one.body.members.map((m: { value: string }) => m.value),
      [people[1].id, people[2].id],
    )
    const all = await scim.patch(`/Groups/${tour.id}`, [{ op: 'remove', path: 'members' }])
    assert.deepEqual([all.status, all.body.members], [200, undefined])
    const person = await user('rm-values', {
      emails: [
        { value: 'a@example.com', type: 'work' },
        { value: 'a@elsewhere.org', type: 'work' },
      ],
    })
    const some = await scim.patch(`/Users/${person.id}`, [
      { op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' },
    ])
    assert.deepEqual(some.body.emails, [{ value: 'a@elsewhere.org', type: 'work' }])
  })

  it('§3.5.2.2 removes and adds in one request', async () => {
    const [a, b] = [await user('swap-a'), await user('swap-b')]
    const tour = await group([{ value: a.id }])
    const { body } = await scim.patch(`/Groups/${tour.id}`, [
      { op: 'remove', path: `members[value eq "${a.id}"]` },
      { op: 'add', path: 'members', value: [{ value: b.id }] },
    ])
    assert.deepEqual(
      body.members.map((m: { value: string }) => m.value),
      [b.id],
    )
  })

  it('§3.5.2.3 replaces members, one address, one part of it, and attributes without a path', async () => {
    const [a, b] = [await user('rp-a'), await user('rp-b')]
    const tour = await group([{ value: a.id }])
    const members = await scim.patch(`/Groups/${tour.id}`, [{ op: 'replace', path: 'members', value: [{ value: b.id }] }])
    assert.deepEqual(
      members.body.members.map((m: { value: string }) => m.value),
      [b.id],
    )
    const person = await user('rp-address', {
      addresses: [
        { type: 'work', streetAddress: '1 Old Street', region: 'CA' },
        { type: 'home', streetAddress: 'Elsewhere' },
      ],
    })
    const work = {
      type: 'work',
      streetAddress: '911 Universal City Plaza',
      locality: 'Hollywood',
      region: 'CA',
      postalCode: '91608',
    }
    const whole = await scim.patch(`/Users/${person.id}`, [{ op: 'replace', path: 'addresses[type eq "work"]', value: work }])
    assert.deepEqual(whole.body.addresses, [work, { type: 'home', streetAddress: 'Elsewhere' }])
    const part = await scim.patch(`/Users/${person.id}`, [
      { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '1010 Broadway Ave' },
    ])
    assert.equal(part.body.addresses[0].streetAddress, '1010 Broadway Ave')
    const pathless = await scim.patch(`/Users/${person.id}`, [
      { op: 'replace', value: { emails: [{ value: 'b@example.com', type: 'work', primary: true }], nickName: 'Babs' } },
    ])
    assert.deepEqual([pathless.body.nickName, pathless.body.emails.length], ['Babs', 1])
  })

  it('§3.5.2.3 replace with a filter that matches nothing is noTarget', async () => {
    const { id } = await user('no-target')
    const answer = await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'addresses[type eq "work"].region', value: 'CA' }])
    assert.deepEqual([answer.status, answer.body.scimType], [400, 'noTarget'])
  })

  it('§3.6 deletes: 204 without a body, 404 after, and the name is free', async () => {
    const { id } = await user('gone')
    const deleted = await scim.delete(`/Users/${id}`)
    assert.deepEqual([deleted.status, deleted.text], [204, ''])
    for (const answer of [
      await scim.get(`/Users/${id}`),
      await scim.delete(`/Users/${id}`),
      await scim.put(`/Users/${id}`, { schemas: [coreUser], userName: 'gone' }),
    ]) {
      assert.deepEqual([answer.status, answer.body.status, answer.body.schemas], [404, '404', [errorSchema]])
    }
    assert.deepEqual(await names('userName eq "gone"'), [])
    assert.notEqual((await user('gone')).id, id)
  })

  it('§3.9 shows attributes that were asked for, and not those excluded', async () => {
    const { id } = await user('shown', {
      name: { familyName: 'J', givenName: 'B' },
      nickName: 'x',
      emails: [{ value: 'e@example.com', type: 'work' }],
    })
    const some = (await scim.get(`/Users/${id}?attributes=name.familyName,emails.value`)).body
    assert.deepEqual([some.name, some.emails, some.userName], [{ familyName: 'J' }, [{ value: 'e@example.com' }], undefined])
    const rest = (await scim.get(`/Users/${id}?excludedAttributes=emails,name.givenName,id`)).body
    assert.deepEqual([rest.name, rest.emails, rest.id, rest.nickName], [{ familyName: 'J' }, undefined, id, 'x'])
  })

  it('§3.10 names an extension attribute by its URN', async () => {
    await user('ext', {
      schemas: [coreUser, enterpriseUser],
      [enterpriseUser]: { employeeNumber: '701984', department: 'Tour Operations' },
    })
    assert.deepEqual(await names(`${enterpriseUser}:employeeNumber eq "701984"`), ['ext'])
    const shown = (await scim.get(`/Users?filter=userName+eq+%22ext%22&attributes=${enterpriseUser}:department`)).body
      .Resources[0]
    assert.deepEqual(shown[enterpriseUser], { department: 'Tour Operations' })
  })

  it('§3.12 says what was wrong, status as text', async () => {
    const absent = await scim.get('/Users/2819c223-7f76-453a-919d-413861904646')
    assert.deepEqual(
      [absent.status, absent.body.status, absent.body.schemas, typeof absent.body.detail],
      [404, '404', [errorSchema], 'string'],
    )
    const { id } = await user('mutable')
    const readOnly = await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'id', value: 'x' }])
    assert.deepEqual([readOnly.status, readOnly.body.scimType], [400, 'mutability'])
    const twice = await scim.post('/Users', { schemas: [coreUser], userName: 'MUTABLE' })
    assert.deepEqual([twice.status, twice.body.scimType, twice.body.status], [409, 'uniqueness', '409'])
  })

  it('§3.14 answers 304 to who has the version, and 412 to who writes on an old one', async () => {
    const { id, meta } = await user('versioned')
    const same = await scim.get(`/Users/${id}`, { 'if-none-match': meta.version })
    assert.deepEqual([same.status, same.text, same.headers.get('etag')], [304, '', meta.version])
    const changed = await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'nickName', value: 'v' }], {
      'if-match': meta.version,
    })
    assert.equal(changed.status, 200)
    assert.equal((await scim.get(`/Users/${id}`, { 'if-none-match': meta.version })).status, 200)
    for (const stale of [
      await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'nickName', value: 'w' }], { 'if-match': meta.version }),
      await scim.put(`/Users/${id}`, { schemas: [coreUser], userName: 'versioned' }, { 'if-match': meta.version }),
      await scim.delete(`/Users/${id}`, { 'if-match': meta.version }),
    ]) {
      assert.deepEqual([stale.status, stale.body.status], [412, '412'])
    }
    assert.equal((await scim.delete(`/Users/${id}`, { 'if-match': changed.body.meta.version })).status, 204)
  })

  it('§4 describes itself', async () => {
    const config = (await scim.get('/ServiceProviderConfig')).body
    assert.deepEqual(
      [config.patch, config.sort, config.etag, config.filter.supported],
      [{ supported: true }, { supported: true }, { supported: true }, true],
    )
    const types = (await scim.get('/ResourceTypes')).body
    assert.deepEqual(
      types.Resources.map((type: { endpoint: string }) => type.endpoint),
      ['/Users', '/Groups'],
    )
    for (const type of types.Resources) assert.deepEqual((await scim.get(`/ResourceTypes/${type.id}`)).body, type)
    const schemas = (await scim.get('/Schemas')).body
    assert.equal(schemas.totalResults, 3)
    for (const schema of schemas.Resources) assert.deepEqual((await scim.get(`/Schemas/${schema.id}`)).body, schema)
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig']) {
      assert.equal((await scim.get(`${path}?filter=${encodeURIComponent('id eq "x"')}`)).status, 403)
      const posted = await scim.call('POST', path, 'no json', { 'content-type': 'text/plain' })
      assert.deepEqual([posted.status, posted.headers.get('allow')?.includes('GET')], [405, true])
    }
  })
})
