import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { rawCall } from '../support/raw-http.js'
import { coreGroup, coreUser, enterpriseUser } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** What the server must put up with from all the clients there are, at the door; numbered as the list of habits it comes from. */

describe('habits of clients', () => {
  let tenant: Tenant

  before(async () => {
    tenant = await newTenant()
  })

  const found = async (filter: string): Promise<string[]> => {
    const answer = await tenant.scim.filter('/Users', filter)
    assert.equal(answer.status, 200, `${filter}: ${answer.text}`)
    return answer.body.Resources.map((user: Resource) => user.userName)
  }
  const memberIds = async (id: string) =>
    ((await tenant.scim.get(`/Groups/${id}`)).body.members ?? []).map((member: Resource) => member.value)

  it('1 names, operators, op and the scheme ignore case; ids, externalIds and paths do not', async () => {
    const { id } = await tenant.user('r-case', { externalId: 'Ext-Case', TITLE: 'T' })
    for (const filter of [
      'USERNAME EQ "r-case"',
      'username Eq "R-CASE" AND Title PR',
      `${coreUser.toUpperCase()}:UserName eq "r-case"`,
    ]) {
      assert.deepEqual(await found(filter), ['r-case'], filter)
    }
    assert.deepEqual(await found('externalId eq "ext-case"'), [])
    assert.deepEqual(await found(`id eq "${id.toUpperCase()}"`), [])
    const patched = await tenant.scim.patch(`/Users/${id}`, [{ OP: 'REPLACE', Path: 'NickName', VALUE: 'n' } as JsonObject])
    assert.deepEqual([patched.status, patched.body.nickName], [200, 'n'])
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      assert.equal((await tenant.scim.get(`/Users/${id}`, { authorization: `${scheme} ${tenant.token}` })).status, 200, scheme)
    }
    for (const path of [`/Users/${id.toUpperCase()}`, `/users/${id}`, `/USERS/${id}`]) {
      assert.equal((await tenant.scim.get(path)).status, 404, path)
    }
  })

  it('1 a userName in another case is the same userName to every writer', async () => {
    const { id } = await tenant.user('R-Unique')
    const taken = await tenant.scim.post('/Users', { schemas: [coreUser], userName: 'r-unique' })
    assert.deepEqual([taken.status, taken.body.scimType], [409, 'uniqueness'])
    const own = await tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'r-UNIQUE' }])
    assert.deepEqual([own.status, own.body.userName], [200, 'r-UNIQUE'])
  })

  it('3 a value list removes those alone; remove without value and filter empties the group where the profile lets it', async () => {
    const ids = [(await tenant.user('r-m1')).id, (await tenant.user('r-m2')).id]
    const group = await tenant.group('r-members', ids)
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members', value: [{ value: ids[0] }] }])
    assert.deepEqual(await memberIds(group.id), [ids[1]])
    await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members' }])
    assert.deepEqual(await memberIds(group.id), [])
    for (const profile of ['entra', 'okta-oin'] as const) {
      const guarded = await newTenant({ profile })
      const kept = await guarded.group('kept', [(await guarded.user('kept')).id])
      const refused = await guarded.scim.patch(`/Groups/${kept.id}`, [{ op: 'remove', path: 'members' }])
      assert.equal(refused.status, 400, profile)
      assert.equal((await guarded.scim.get(`/Groups/${kept.id}`)).body.members.length, 1)
    }
  })

  it('4 a value without path may nest, dot, name URNs and mix them', async () => {
    const { id } = await tenant.user('r-pathless', { emails: [{ value: 'old@example.com', type: 'work' }] })
    const { body } = await tenant.scim.patch(`/Users/${id}`, [
      {
        op: 'Replace',
        value: {
          'name.givenName': 'Ada',
          name: { familyName: 'Byron' },
          [`${coreUser}:title`]: 'Countess',
          [`${enterpriseUser}:department`]: 'Engines',
          [enterpriseUser]: { costCenter: '7' },
          'emails[type eq "work"].value': 'ada@example.com',
          active: 'True',
        },
      },
    ])
    assert.deepEqual(
      [body.name, body.title, body[enterpriseUser], body.emails[0].value],
      [{ givenName: 'Ada', familyName: 'Byron' }, 'Countess', { department: 'Engines', costCenter: '7' }, 'ada@example.com'],
    )
  })

  it('5 adding who is a member and removing who is none is done already: no duplicate, no new version', async () => {
    const [a, b] = [await tenant.user('r-already'), await tenant.user('r-never')]
    const group = await tenant.group('r-already', [a.id])
    for (const operation of [
      { op: 'add', path: 'members', value: [{ value: a.id }, { value: a.id }] },
      { op: 'remove', path: 'members', value: [{ value: b.id }] },
      { op: 'remove', path: `members[value eq "${b.id}"]` },
      { op: 'remove', path: 'members[value eq "nobody"]' },
      { op: 'replace', path: 'members', value: [{ value: a.id }] },
    ]) {
      const answer = await tenant.scim.patch(`/Groups/${group.id}`, [operation])
      assert.deepEqual([answer.status, answer.body.meta], [200, group.meta], JSON.stringify(operation))
    }
  })

  it('8 a trailing question mark, ampersand or slash, flags of Entra and the short base are all the same place', async () => {
    const { id } = await tenant.user('r-paths')
    const base = `/scim/v2/${tenant.slug}/Users/${id}`
    const headers = { authorization: `Bearer ${tenant.token}` }
    for (const path of [
      ...[base, `${base}?`, `${base}?&`, `${base}/`, `${base}/?`, `${base}?aadOptscim062020`, `${base}?aadOptscim062020=`],
      ...[`${base}?attributes=id&`, `${base}?excludedAttributes=&`, `/scim/${tenant.slug}/Users/${id}`, `${base}?x=y&x=z`],
    ]) {
      const answer = await rawCall(tenant.app.url, { path, headers })
      assert.deepEqual([answer.status, JSON.parse(answer.text).id], [200, id], path)
    }
  })

  it('8 the body of a DELETE is not looked at', async () => {
    for (const type of ['application/scim+json', 'text/plain']) {
      const { id } = await tenant.user(`r-delete ${type}`)
      const answer = await tenant.scim.call('DELETE', `/Users/${id}`, '{"id":', { 'content-type': type })
      assert.deepEqual([answer.status, answer.text], [204, ''], type)
    }
  })

  it('9 what was read may be sent back whole in a PUT', async () => {
    const user = await tenant.user('r-whole', { [enterpriseUser]: { department: 'd' }, emails: [{ value: 'w@example.com' }] })
    await tenant.group('r-whole', [user.id])
    const { body } = await tenant.scim.get(`/Users/${user.id}`)
    assert.equal(body.groups.length, 1)
    const put = await tenant.scim.put(`/Users/${user.id}`, body)
    assert.deepEqual([put.status, put.body], [200, body])
    const group = (await tenant.scim.filter('/Groups', 'displayName eq "r-whole"')).body.Resources[0]
    const again = await tenant.scim.put(`/Groups/${group.id}`, group)
    assert.deepEqual([again.status, again.body], [200, group])
  })

  it('10 quotes, backslashes, plus signs, apostrophes and any script in a filter find who bears them', async () => {
    const names = ["o'hara", 'say "hi"', 'back\\slash', 'ada+tag@example.com', 'ümläut', '名前', '😀', 'a%b_c', 'tab\there']
    for (const title of names) await tenant.user(`r-esc ${names.indexOf(title)}`, { title, emails: [{ value: title }] })
    for (const [at, title] of names.entries()) {
      assert.deepEqual(await found(`title eq ${JSON.stringify(title)}`), [`r-esc ${at}`])
      assert.deepEqual(await found(`emails[value eq ${JSON.stringify(title)}]`), [`r-esc ${at}`])
    }
    assert.deepEqual(await found('title eq "\\u006f\'hara"'), ['r-esc 0'])
    const plus = await tenant.scim.get('/Users?filter=emails.value+eq+%22ada%2Btag%40example.com%22')
    assert.equal(plus.body.totalResults, 1)
  })

  it('11 who is switched off is still found and read; who is deleted is neither, and may come again', async () => {
    const { id } = await tenant.user('r-off', { externalId: 'r-off' })
    await tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }])
    assert.deepEqual(await found('externalId eq "r-off" and active eq false'), ['r-off'])
    await tenant.scim.delete(`/Users/${id}`)
    assert.deepEqual([await found('externalId eq "r-off"'), await found(`id eq "${id}"`)], [[], []])
    await tenant.user('r-off', { externalId: 'r-off' })
    const [row] = await tenant.rows('users', { id })
    assert.notEqual(row.deleted_at, null)
  })

  it('12 every 409 has scimType uniqueness, names the attribute and says what to do', async () => {
    const entra = await newTenant({ profile: 'entra' })
    await entra.user('r-409', { externalId: 'r-409' })
    await entra.group('r-409')
    const other = await entra.user('r-410')
    const clashes: [attribute: string, answer: Promise<{ status: number; body: Resource }>][] = [
      ['userName', entra.scim.post('/Users', { schemas: [coreUser], userName: 'R-409' })],
      ['externalId', entra.scim.post('/Users', { schemas: [coreUser], userName: 'r-411', externalId: 'r-409' })],
      ['userName', entra.scim.put(`/Users/${other.id}`, { schemas: [coreUser], userName: 'r-409' })],
      ['externalId', entra.scim.patch(`/Users/${other.id}`, [{ op: 'add', path: 'externalId', value: 'r-409' }])],
      ['displayName', entra.scim.post('/Groups', { schemas: [coreGroup], displayName: 'R-409' })],
    ]
    for (const [attribute, answer] of clashes) {
      const { status, body } = await answer
      assert.deepEqual([status, body.status, body.scimType], [409, '409', 'uniqueness'])
      assert.match(body.detail, new RegExp(`${attribute}.*(update|link|correct|rename|choose)`, 'is'))
    }
  })

  it('13 count=0 is the total alone, negative is 0, a startIndex below 1 is 1, a start past the end is an empty 200', async () => {
    const own = await newTenant()
    for (const name of ['a', 'b', 'c']) await own.user(name)
    const page = async (query: string) => {
      const { status, body } = await own.scim.get(`/Users?sortBy=userName&${query}`)
      return [
        status,
        body.totalResults,
        body.startIndex,
        body.itemsPerPage,
        body.Resources.map((user: Resource) => user.userName).join(''),
      ]
    }
    assert.deepEqual(await page('count=0'), [200, 3, 1, 0, ''])
    assert.deepEqual(await page('count=-1'), [200, 3, 1, 0, ''])
    assert.deepEqual(await page('startIndex=0&count=2'), [200, 3, 1, 2, 'ab'])
    assert.deepEqual(await page('startIndex=-7&count=1'), [200, 3, 1, 1, 'a'])
    assert.deepEqual(await page('startIndex=3&count=5'), [200, 3, 3, 1, 'c'])
    assert.deepEqual(await page('startIndex=4'), [200, 3, 4, 0, ''])
    assert.deepEqual(await page('filter=userName+eq+%22x%22'), [200, 0, 1, 0, ''])
  })
})
