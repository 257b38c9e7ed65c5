import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { JsonObject } from '../../src/platform/json.js'
import { groupType, userType } from '../../src/scim/resource-types.js'
import { filterOf } from '../support/filter-arbitraries.js'
import { filterText } from '../support/filter-text.js'
import { coreGroup, coreUser, enterpriseUser } from '../support/scim-client.js'
import { newTenant, type Tenant, tenantOf } from '../support/tenant.js'

/**
 * What a connection is told does not depend on who else there is. One organization is crowded: a second connection in it, and a
 * second organization, hold the same and similar data; another one has its own data alone. Both must answer every question alike.
 */

const people = ['a', 'b', 'ab', 'true', "o'hara", 'é']
const absent = '018f0000-0000-7000-8000-000000000000'

/** Ids of one tenant's resources by their names in both worlds: `u0`, `g1`. */
type Ids = Map<string, string>

async function fill(tenant: Tenant, suffix = ''): Promise<Ids> {
  const ids: Ids = new Map()
  for (const [at, name] of people.entries()) {
    const manager = ids.get('u0')
    const user = await tenant.user(name + suffix, {
      ...{ externalId: name, displayName: name.toUpperCase(), active: at % 2 === 0, nickName: 'a', title: name },
      ...{
        emails: [
          { value: `${name}@example.com`, type: 'work', primary: true },
          { value: 'a', type: 'home' },
        ],
      },
      ...(manager && { [enterpriseUser]: { department: 'a', manager: { value: manager } } }),
    })
    ids.set(`u${at}`, user.id)
  }
  const nested = { a: ['u0', 'u1'], b: ['u1', 'u2', 'g0'], ab: ['g1', 'u5'] }
  for (const [at, [name, members]] of Object.entries(nested).entries()) {
    const memberIds = members.map((member) => ids.get(member) ?? absent)
    ids.set(`g${at}`, (await tenant.group(name, memberIds, { externalId: name })).id)
  }
  return ids
}

describe('two tenants', () => {
  let crowded: Tenant
  let lonely: Tenant
  let sibling: Tenant
  let stranger: Tenant
  let ids: { crowded: Ids; lonely: Ids; sibling: Ids; stranger: Ids }
  let foreign: string[]

  before(async () => {
    crowded = await newTenant()
    lonely = await newTenant()
    sibling = tenantOf(crowded.app, await crowded.app.createConnection(crowded))
    stranger = await newTenant()
    const own = { crowded: await fill(crowded), lonely: await fill(lonely) }
    ids = { ...own, sibling: await fill(sibling, ' of the sibling'), stranger: await fill(stranger) }
    // Somebody put people of one connection into a group of the other by hand; neither may see the other's.
    await byHand(ids.crowded.get('g0'), ids.sibling.get('u1'))
    await byHand(ids.sibling.get('g0'), ids.crowded.get('u3'))
    foreign = [...ids.sibling.values(), ...ids.stranger.values()]
  })

  const byHand = async (groupId?: string, userId?: string) => {
    const [some] = await crowded.rows('memberships')
    const row = { org_id: crowded.orgId, id: crypto.randomUUID(), group_id: groupId, user_id: userId, opened_by: some.opened_by }
    await crowded.app.core.db('memberships').insert(row)
  }

  /** The answer with ids as names and without what differs by the clock. */
  const told = (tenant: Tenant, names: Ids, { status, text }: { status: number; text: string }) => {
    const named = [...names].reduce(
      (all, [name, id]) => all.replaceAll(id, `ID-${name}`),
      text.replaceAll(tenant.baseUrl, 'BASE'),
    )
    return [status, named.replace(/"(created|lastModified)":"[^"]*"/g, '"$1":"then"').replace(/W\/\\"(\d+)[^"]*\\"/g, '$1')]
  }

  /** Asks both; `@u0@` in the question stands for each one's own id. */
  const askBoth = async (ask: (tenant: Tenant, own: (text: string) => string) => Promise<{ status: number; text: string }>) => {
    const one = async (tenant: Tenant, names: Ids) =>
      told(tenant, names, await ask(tenant, (text) => text.replace(/@(\w+)@/g, (_, name) => names.get(name) ?? '')))
    return [await one(crowded, ids.crowded), await one(lonely, ids.lonely)]
  }

  // The ids of the two are different texts, so a question about a part or the order of such a text is no longer the same question.
  const partOfId = /\b(id|members|groups|value|manager)\S* +(co|sw|ew|gt|ge|lt|le) /i

  it('are told the same by any filter, sort, page and choice of attributes, whoever else there is', async () => {
    const known = ['@u0@', '@u1@', '@g0@', '@g1@', ...foreign.slice(0, 3), ...foreign.slice(-3), ...people]
    const sorts = ['', 'userName', 'displayName', 'id', 'externalId', 'emails', 'meta.created', 'title', 'active']
    const question = fc.record({
      path: fc.constantFrom('/Users', '/Groups', '/'),
      user: filterOf(userType, known),
      group: filterOf(groupType, known),
      sortBy: fc.constantFrom(...sorts),
      sortOrder: fc.constantFrom('ascending', 'descending'),
      startIndex: fc.integer({ min: 0, max: 7 }),
      count: fc.integer({ min: 0, max: 10 }),
      shown: fc.constantFrom('', 'attributes=members,groups', 'excludedAttributes=members', 'attributes=userName'),
      isSearch: fc.boolean(),
    })
    let found = 0
    await fc.assert(
      fc.asyncProperty(question, async ({ path, user, group, sortBy, sortOrder, startIndex, count, shown, isSearch }) => {
        const filter = filterText(path === '/Users' ? user : group)
        fc.pre(!partOfId.test(filter))
        const [crowd, alone] = await askBoth((tenant, own) => {
          const query = new URLSearchParams(shown)
          query.set('filter', own(filter))
          if (sortBy) query.set('sortBy', sortBy)
          query.set('sortOrder', sortOrder)
          query.set('startIndex', String(startIndex))
          query.set('count', String(count))
          if (!isSearch) return tenant.scim.get(`${path}?${query}`)
          const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
          return tenant.scim.post(`${path === '/' ? '' : path}/.search`, { schemas, ...Object.fromEntries(query) })
        })
        assert.deepEqual(crowd, alone, filter)
        if (/"totalResults":[1-9]/.test(String(crowd?.[1]))) found++
      }),
      { numRuns: 150 },
    )
    assert.ok(found > 15, `${found} questions found anything`)
  })

  it('SEC-SCIM-14 learn from no filter whether a foreign id exists, nor what it belongs to', async () => {
    const users = ['groups eq', 'groups.value eq', 'groups[value eq', 'id eq', 'id ne', `${enterpriseUser}:manager.value eq`]
    const groups = [
      'members eq',
      'members.value eq',
      'members.value ne',
      'members[value eq',
      'members[type eq "user" and value eq',
      'id eq',
    ]
    for (const id of foreign) {
      for (const [path, starts] of [
        ['/Users', users],
        ['/Groups', groups],
      ] as const) {
        for (const start of starts) {
          const [crowd, alone] = await askBoth((tenant) =>
            tenant.scim.filter(path, `${start} "${id}"${start.includes('[') ? ']' : ''}`),
          )
          assert.deepEqual([crowd?.[0], crowd], [200, alone], `${start} ${id}`)
        }
      }
    }
  })

  it('read each of their own resources as if there were nobody else', async () => {
    for (const name of ids.crowded.keys()) {
      const [crowd, alone] = await askBoth((tenant, own) =>
        tenant.scim.get(own(`/${name.startsWith('u') ? 'Users' : 'Groups'}/@${name}@`)),
      )
      assert.deepEqual(crowd, alone, name)
      assert.equal(crowd?.[0], 200)
    }
  })

  it('change nothing of each other by any call with a foreign id, and are told what a made-up id is told', async () => {
    const before = { sibling: await belongings(sibling), stranger: await stranger.facts() }
    const call = fc.record({
      id: fc.constantFrom(...foreign),
      kind: fc.constantFrom('Users', 'Groups'),
      method: fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE', 'join', 'leave', 'leaveByFilter', 'replaceMembers', 'newGroup'),
      op: fc.constantFrom('add', 'replace', 'remove'),
      path: fc.constantFrom('active', 'displayName', 'members', 'userName', 'externalId', undefined),
      etag: fc.constantFrom(undefined, '*', 'W/"1"', 'W/"999"'),
    })
    await fc.assert(
      fc.asyncProperty(call, async ({ id, kind, method, op, path, etag }) => {
        const headers = etag === undefined ? {} : { 'if-match': etag }
        const group = `/Groups/${ids.crowded.get('g2')}`
        const send = (target: string) => {
          const value =
            path === 'active' ? false : path === 'members' ? [{ value: target }] : path ? 'mine now' : { active: false }
          const operation: JsonObject = { op, ...(path && { path }), ...(op !== 'remove' && { value }) }
          switch (method) {
            case 'GET':
              return crowded.scim.get(`/${kind}/${target}`)
            case 'PUT':
              return crowded.scim.put(
                `/${kind}/${target}`,
                { schemas: [coreUser, coreGroup], userName: 'z', displayName: 'z' },
                headers,
              )
            case 'PATCH':
              return crowded.scim.patch(`/${kind}/${target}`, [operation], headers)
            case 'DELETE':
              return crowded.scim.delete(`/${kind}/${target}`, headers)
            case 'join':
              return crowded.scim.patch(group, [{ op: 'add', path: 'members', value: [{ value: target }] }])
            case 'leave':
              return crowded.scim.patch(group, [{ op: 'remove', path: 'members', value: [{ value: target }] }])
            case 'leaveByFilter':
              return crowded.scim.patch(group, [{ op: 'remove', path: `members[value eq "${target}"]` }])
            case 'replaceMembers':
              return crowded.scim.patch(group, [{ op: 'replace', path: 'members', value: [{ value: target }] }])
            default:
              return crowded.scim.post('/Groups', { schemas: [coreGroup], displayName: 'new', members: [{ value: target }] })
          }
        }
        const shown = ({ status, text }: { status: number; text: string }, target: string) => [
          status,
          text.replaceAll(target, 'ID'),
        ]
        assert.deepEqual(shown(await send(id), id), shown(await send(absent), absent), method)
      }),
      { numRuns: 200 },
    )
    assert.equal(await belongings(sibling), before.sibling)
    assert.equal(await stranger.facts(), before.stranger)
  })

  it('change nothing of each other by changing and deleting everything of their own', async () => {
    const before = { sibling: await belongings(sibling), stranger: await stranger.facts() }
    const users = [...ids.crowded].filter(([name]) => name.startsWith('u')).map(([, id]) => id)
    for (const [at, id] of users.entries()) {
      await crowded.scim.patch(`/Users/${id}`, [{ op: 'replace', value: { externalId: `moved-${at}`, active: false } }])
      assert.equal((await crowded.scim.delete(`/Users/${id}`)).status, 204)
    }
    for (const [name, id] of ids.crowded) {
      if (name.startsWith('g')) assert.equal((await crowded.scim.delete(`/Groups/${id}`)).status, 204)
    }
    assert.deepEqual((await crowded.scim.get('/')).body.Resources, [])
    assert.equal(await belongings(sibling), before.sibling)
    assert.equal(await stranger.facts(), before.stranger)
  })

  /** All rows about what the sibling manages, without the two memberships by hand that reach into the crowded one. */
  const belongings = async (of: Tenant): Promise<string> => {
    const own = new Set(ids.sibling.values())
    const guests = new Set(ids.crowded.values())
    const tables = ['users', 'groups', 'identities', 'user_states', 'memberships']
    const rows = (await Promise.all(tables.map((table) => of.rows(table)))).flat()
    const about = rows.filter((row) => own.has(row.id) || own.has(row.user_id) || own.has(row.group_id))
    // A guest who leaves moves the group's version.
    const inside = about.filter((row) => !guests.has(row.user_id) && !guests.has(row.group_id))
    return inside
      .map(({ version, updated_at, ...row }) => JSON.stringify(row))
      .sort()
      .join('\n')
  }
})
