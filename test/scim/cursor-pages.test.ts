import assert from 'node:assert/strict'
import { createLimits, createToken, startProvisioningLog, trackTokenUse } from '../../src/connections/index.js'
import type { CallRequest } from '../../src/http/endpoint.js'
import { createLogger } from '../../src/platform/log.js'
import { cursorTimeout } from '../../src/scim/cursor.js'
import { scimDoor } from '../../src/scim/door.js'
import { anyAuthority } from '../support/authority.js'
import { enterpriseUser, errorSchema, listSchema, type ScimAnswer, scimClient } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant, tenantOf } from '../support/tenant.js'
import { walkToEnd } from '../support/walk.js'

const names = (resources: readonly Resource[]): string[] => resources.map((one) => one.userName ?? one.displayName)

function assertRefused(answer: ScimAnswer, scimType: string): void {
  assert.equal(answer.status, 400, answer.text)
  assert.deepEqual([answer.body.schemas, answer.body.status, answer.body.scimType], [[errorSchema], '400', scimType])
}

describe('pages by cursor (RFC 9865)', () => {
  let tenant: Tenant
  const get = (query: string, client = tenant.scim) => client.get(query)
  const nextOf = async (query: string, client = tenant.scim): Promise<string> => {
    const { body } = await get(query, client)
    assert.match(body.nextCursor, /^[A-Za-z0-9._~-]+$/)
    return body.nextCursor
  }

  before(async () => {
    tenant = await newTenant()
    for (const [name, title] of [['dora', 'b'], ['Ada'], ['carl', 'a'], ['bea'], ['emil', 'c']] as const) {
      await tenant.user(name, title ? { title } : {})
    }
    for (const name of ['staff', 'admins', 'guests']) await tenant.group(name)
  })

  it('each but the last has a nextCursor of unreserved characters, none has a startIndex (§2)', async () => {
    const { pages, resources } = await walkToEnd((cursor) => get(`/Users?cursor=${cursor}&count=2`))
    assert.deepEqual(
      pages.map(({ body }) => [Object.keys(body).sort().join(), body.itemsPerPage]),
      [
        ['Resources,itemsPerPage,nextCursor,schemas', 2],
        ['Resources,itemsPerPage,nextCursor,schemas', 2],
        ['Resources,itemsPerPage,schemas', 1],
      ],
    )
    for (const { body } of pages) {
      assert.deepEqual(body.schemas, [listSchema])
      if (body.nextCursor) assert.match(body.nextCursor, /^[A-Za-z0-9._~-]+$/)
    }
    assert.deepEqual(names(resources), ['dora', 'Ada', 'carl', 'bea', 'emil'])
  })

  it('a full last page is known to be the last', async () => {
    const { pages } = await walkToEnd((cursor) => get(`/Users?filter=active pr and userName ne "emil"&cursor=${cursor}&count=2`))
    assert.deepEqual(
      pages.map(({ body }) => body.itemsPerPage),
      [2, 2],
    )
  })

  it('totalResults is there where one page holds all, and for count=0 (§2)', async () => {
    const { body } = await get('/Users?cursor')
    assert.deepEqual([body.totalResults, body.itemsPerPage, body.nextCursor], [5, 5, undefined])
    const none = await get('/Users?cursor=&count=0')
    assert.deepEqual(none.body, { schemas: [listSchema], totalResults: 5, itemsPerPage: 0, Resources: [] })
    assert.deepEqual((await get('/?cursor=&count=-3')).body.totalResults, 8)
    assert.equal((await get('/Users?cursor=&filter=userName eq "nobody"')).body.totalResults, 0)
  })

  it('are sorted as asked, missing values last when ascending and first when descending (§2.2)', async () => {
    const sorted = async (order: string) =>
      names((await walkToEnd((cursor) => get(`/Users?sortBy=title&sortOrder=${order}&count=1&cursor=${cursor}`))).resources)
    assert.deepEqual(await sorted('ascending'), ['carl', 'dora', 'emil', 'Ada', 'bea'])
    assert.deepEqual(await sorted('descending'), ['bea', 'Ada', 'emil', 'dora', 'carl'])
    const byName = await walkToEnd((cursor) => get(`/Users?sortBy=userName&count=2&cursor=${cursor}`))
    assert.deepEqual(names(byName.resources), ['Ada', 'bea', 'carl', 'dora', 'emil'])
  })

  it('show the attributes that are asked for, and members and groups as ever', async () => {
    const [user] = (await get('/Users?filter=userName eq "dora"')).body.Resources
    const group = await tenant.group('with dora', [user.id])
    const { resources } = await walkToEnd((cursor) => get(`/Groups?cursor=${cursor}&count=1&sortBy=displayName`))
    assert.deepEqual(resources.at(-1)?.members[0].value, user.id)
    const users = await walkToEnd((cursor) => get(`/Users?cursor=${cursor}&count=2&attributes=groups`))
    assert.deepEqual(Object.keys(users.resources[0]).sort(), ['groups', 'id', 'schemas'])
    assert.equal(users.resources[0].groups[0].value, group.id)
    await tenant.scim.delete(`/Groups/${group.id}`)
  })

  it('come through /.search as well, with the cursor in the body (§3)', async () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    const search = (path: string, rest: object) =>
      walkToEnd((cursor) => tenant.scim.post(path, { schemas, cursor, count: 2, ...rest }))
    const users = await search('/Users/.search', { sortBy: 'userName', attributes: ['userName'] })
    assert.deepEqual(names(users.resources), ['Ada', 'bea', 'carl', 'dora', 'emil'])
    assert.equal(users.pages.length, 3)
    const groups = await search('/Groups/.search', { filter: 'displayName co "s"', sortBy: 'displayName' })
    assert.deepEqual(names(groups.resources), ['admins', 'guests', 'staff'])
  })

  it('of all resources go on from users to groups, on one page where it has room (RFC 7644 §3.4.2.1)', async () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9]) {
      const { resources, pages } = await walkToEnd((cursor) => get(`/?cursor=${cursor}&count=${count}`))
      assert.deepEqual(names(resources), ['dora', 'Ada', 'carl', 'bea', 'emil', 'staff', 'admins', 'guests'])
      assert.equal(pages.length, Math.ceil(8 / count))
    }
    const some = await walkToEnd((cursor) => get(`/?filter=userName sw "b" or displayName sw "s"&cursor=${cursor}&count=1`))
    assert.deepEqual(names(some.resources), ['bea'])
    const both = await walkToEnd((cursor) => get(`/?filter=displayName sw "s" or meta.created pr&cursor=${cursor}&count=3`))
    assert.equal(both.resources.length, 8)
  })

  it('400 invalidFilter for what no type has, as by index', async () => {
    assertRefused(await get('/?cursor=&filter=nonsense eq "a"'), 'invalidFilter')
    assertRefused(await get('/Users?cursor=&filter=nonsense eq "a"'), 'invalidFilter')
  })

  it('go on for another spelling of the same query, as in the example of §2', async () => {
    const cursor = await nextOf('/Users?filter=userName pr and title pr&sortBy=userName&cursor&count=1')
    const { body } = await get(
      `/Users?sortby=USERNAME&sortorder=Ascending&filter=username pr and (TITLE pr)&count=1&cursor=${cursor}`,
    )
    assert.deepEqual(names(body.Resources), ['dora'])
  })

  describe('a cursor is bound', () => {
    const query = '/Users?filter=userName pr&sortBy=userName&count=2'

    it('to the query: 400 invalidCursor for another filter, sort, order or kind of resource', async () => {
      const cursor = await nextOf(`${query}&cursor=`)
      for (const other of [
        '/Users?sortBy=userName&count=2',
        '/Users?filter=userName pr and active eq true&sortBy=userName&count=2',
        '/Users?filter=userName pr&count=2',
        '/Users?filter=userName pr&sortBy=title&count=2',
        `${query}&sortOrder=descending`,
        '/?filter=userName pr or displayName pr&sortBy=id&count=2',
        '/Groups?count=2',
      ]) {
        assertRefused(await get(`${other}&cursor=${cursor}`), 'invalidCursor')
      }
      assert.equal((await get(`${query}&cursor=${cursor}`)).status, 200)
      assert.equal((await get(`${query}&cursor=${cursor}&attributes=userName`)).status, 200)
    })

    it('to token, connection and organization: 400 invalidCursor in the same words for every other one', async () => {
      const cursor = await nextOf(`${query}&cursor=`)
      const { app, orgId, connectionId, baseUrl } = tenant
      const { secret } = await app.core.journal.change(anyAuthority(orgId), (c) =>
        createToken(c, connectionId, { name: 'other', scopes: ['users:read'], expiresAt: null }),
      )
      const clients = [
        scimClient(baseUrl, secret),
        tenantOf(app, await app.createConnection(tenant)).scim,
        (await newTenant()).scim,
      ]
      const answers = [await get(`${query}&cursor=invented`)]
      for (const client of clients) answers.push(await get(`${query}&cursor=${cursor}`, client))
      for (const answer of answers) {
        assertRefused(answer, 'invalidCursor')
        assert.equal(answer.text, answers[0]?.text)
      }
      const own = await nextOf(`${query}&cursor=`, clients[0])
      assert.equal((await get(`${query}&cursor=${own}`, clients[0])).status, 200)
    })

    it('to its text: 400 invalidCursor with one character changed', async () => {
      const cursor = await nextOf(`${query}&cursor=`)
      for (const changed of [
        `${cursor}A`,
        cursor.slice(1),
        cursor.slice(0, -1),
        `${cursor.slice(0, -1)}~`,
        'x',
        '.',
        `${cursor}%00`,
      ]) {
        assertRefused(await get(`${query}&cursor=${changed}`), 'invalidCursor')
      }
    })

    it('to its time: 400 expiredCursor when it is older than cursorTimeout', async () => {
      const { core } = tenant.app
      const earlier = new Date(Date.now() - (cursorTimeout + 60) * 1000)
      const log = createLogger('silent')
      const tokenUse = trackTokenUse({ db: core.db, log })
      const door = scimDoor({
        ...core,
        log,
        tokenUse,
        provisioningLog: startProvisioningLog({ db: core.db, log }),
        limits: createLimits({ db: core.db, clock: core.clock, perSecond: 50 }),
        clock: () => earlier,
        publicUrl: () => core.publicUrl,
        bodyLimitBytes: 1024,
      })
      const url = new URL(`http://127.0.0.1${query}&cursor=`)
      const request: CallRequest = {
        method: 'GET',
        path: '/Users',
        params: { org: tenant.slug },
        query: url.searchParams,
        headers: { authorization: `Bearer ${tenant.token}` },
        requestId: 'test',
        ip: '127.0.0.1',
      }
      const list = door.endpoints.find(({ id }) => id === 'scim.users.list')
      assert.ok(list)
      const { body } = await list.handle(await door.authenticate(request), { ...request, body: undefined })
      await tokenUse.stop()
      const { nextCursor } = body as { nextCursor: string }
      assertRefused(await get(`${query}&cursor=${nextCursor}`), 'expiredCursor')
    })
  })

  it('400 invalidCount beyond maxPageSize, for no number, and for another count than the walk began with (§2.1)', async () => {
    assertRefused(await get('/Users?cursor=&count=201'), 'invalidCount')
    assertRefused(await get('/Users?cursor=&count=many'), 'invalidCount')
    const cursor = await nextOf('/Users?cursor=&count=2')
    for (const count of ['&count=3', '&count=0', '']) assertRefused(await get(`/Users?cursor=${cursor}${count}`), 'invalidCount')
    assert.equal((await get('/Users?count=201')).status, 200)
  })

  it('400 invalidValue for cursor and startIndex at once', async () => {
    assertRefused(await get('/Users?cursor=&startIndex=1'), 'invalidValue')
  })

  it('come by index where no cursor is asked for (§2.4)', async () => {
    const { body } = await get('/Users?count=2')
    assert.deepEqual([body.totalResults, body.startIndex, body.itemsPerPage, body.nextCursor], [5, 1, 2, undefined])
  })

  it('are announced in the ServiceProviderConfig (§4)', async () => {
    assert.deepEqual((await get('/ServiceProviderConfig')).body.pagination, {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 200,
      cursorTimeout: 3600,
    })
  })

  it('have cursors that fit into a URL, however long the values sorted by', async () => {
    const other = await newTenant()
    const long = '\u{1F600}'.repeat(256)
    for (const end of ['a', 'b', 'c']) {
      const rest = { [enterpriseUser]: { department: long.repeat(8) + end }, displayName: long }
      await other.user(`long-${end}`, rest)
    }
    for (const sortBy of ['displayName', `${enterpriseUser}:department`]) {
      const { resources, pages } = await walkToEnd((cursor) =>
        get(`/Users?sortBy=${sortBy}&count=1&cursor=${cursor}`, other.scim),
      )
      assert.deepEqual(names(resources), ['long-a', 'long-b', 'long-c'])
      assert.ok(pages.every(({ body }) => (body.nextCursor ?? '').length < 2000))
    }
  })
})
