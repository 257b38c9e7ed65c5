import assert from 'node:assert/strict'
import { authorizeOperator } from '../../src/access/index.js'
import { createUser } from '../../src/directory/index.js'
import { someUser } from '../support/directory.js'
import { coreGroup } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** Pages and member lists stay bounded, and what nobody wants to see is not read. */

const people = 230

describe('SEC-SCIM-21 sizes', () => {
  let tenant: Tenant
  let ids: string[]
  let group: Resource

  before(async () => {
    tenant = await newTenant()
    const scope = { orgId: tenant.orgId, connectionId: tenant.connectionId }
    const by = authorizeOperator({ actor: { type: 'system', id: 'test' }, door: 'system' }, tenant.orgId)
    ids = await tenant.app.core.journal.change(by, async (c) => {
      const made: string[] = []
      for (let at = 0; at < people; at++) made.push((await createUser(c, scope, someUser(`p-${at}`))).id)
      return made
    })
    group = await tenant.group('everybody', ids)
  })

  /** The statements that `work` sends. */
  const statements = async (work: () => Promise<unknown>): Promise<string[]> => {
    const { db } = tenant.app.core
    const seen: string[] = []
    const note = ({ sql }: { sql: string }) => void seen.push(sql)
    db.on('query', note)
    try {
      await work()
    } finally {
      db.removeListener('query', note)
    }
    return seen
  }

  it('a page has at most 200 resources, whatever is asked for, and says how many there are', async () => {
    for (const count of [200, 201, 100_000, 999_999_999_999_999]) {
      const { body } = await tenant.scim.get(`/Users?count=${count}`)
      assert.deepEqual([body.Resources.length, body.itemsPerPage, body.totalResults], [200, 200, people], String(count))
    }
    const usual = (await tenant.scim.get('/Users')).body
    assert.deepEqual([usual.Resources.length, usual.totalResults], [100, people])
  })

  it('pages hold everybody once', async () => {
    const seen: string[] = []
    for (let start = 1; start <= people; start += 70) {
      const { body } = await tenant.scim.get(`/Users?startIndex=${start}&count=70&sortBy=userName`)
      seen.push(...body.Resources.map((user: Resource) => user.id))
    }
    assert.deepEqual([seen.length, new Set(seen).size], [people, people])
  })

  it('a start beyond the end is an empty page', async () => {
    for (const start of [people + 1, 999_999_999_999_999]) {
      const { status, body } = await tenant.scim.get(`/Users?startIndex=${start}`)
      assert.deepEqual([status, body.Resources, body.totalResults], [200, [], people])
    }
  })

  it('excludedAttributes=members, or attributes without them, reads no membership', async () => {
    const quiet = ['excludedAttributes=members', 'attributes=displayName,id', 'excludedAttributes=MEMBERS,meta']
    for (const query of quiet) {
      for (const path of [`/Groups/${group.id}`, '/Groups']) {
        const seen = await statements(async () => {
          const { status, text } = await tenant.scim.get(`${path}?${query}`)
          assert.equal(status, 200)
          assert.equal(text.includes('"members"'), false)
        })
        assert.deepEqual(
          seen.filter((sql) => sql.includes('memberships')),
          [],
          `${path}?${query}`,
        )
      }
    }
  })

  it('adding one member to a large group writes one membership and reads no other', async () => {
    const newcomer = await tenant.user('newcomer')
    const operation = { op: 'add', path: 'members', value: [{ value: newcomer.id }] }
    const before = await tenant.rows('memberships')
    const seen = await statements(async () => {
      const answer = await tenant.scim.patch(`/Groups/${group.id}?excludedAttributes=members`, [operation])
      assert.equal(answer.status, 200)
    })
    assert.equal(seen.filter((sql) => /\bfrom memberships\b/.test(sql)).length, 0)
    const after = await tenant.rows('memberships')
    assert.equal(after.length, before.length + 1)
  })

  it('SEC-SCIM-12 operations on long lists are bounded as a whole, those on lists as people have them are not', async () => {
    const emails = (count: number) => Array.from({ length: count }, (_, at) => ({ value: `${at}@example.com`, type: 'work' }))
    const change = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ op: 'replace', path: 'emails[type eq "work"].display', value: `d${at}` }))
    const many = await tenant.user('many addresses', { emails: emails(1000) })
    const refused = await tenant.scim.patch(`/Users/${many.id}`, change(60))
    assert.deepEqual([refused.status, refused.body.status], [413, '413'])
    assert.equal((await tenant.scim.get(`/Users/${many.id}`)).body.meta.version, many.meta.version)
    assert.equal((await tenant.scim.patch(`/Users/${many.id}`, change(40))).status, 200)
    const usual = await tenant.user('usual addresses', { emails: emails(10) })
    const changed = await tenant.scim.patch(`/Users/${usual.id}`, change(1000))
    assert.deepEqual([changed.status, changed.body.emails[9].display], [200, 'd999'])
  })

  it('a list holds at most 1,000 values, however they come', async () => {
    const emails = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => ({ value: `${from + at}@example.com` }))
    const { id } = await tenant.user('growing', { emails: emails(0, 600) })
    for (const operation of [
      { op: 'add', path: 'emails', value: emails(600, 401) },
      { op: 'replace', path: 'emails', value: emails(0, 1001) },
      { op: 'add', value: { emails: emails(600, 401) } },
    ]) {
      const answer = await tenant.scim.patch(`/Users/${id}`, [operation])
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'])
    }
    const full = await tenant.scim.patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value: emails(500, 500) }])
    assert.deepEqual([full.status, full.body.emails.length], [200, 1000])
  })

  it('a member list comes whole and in order, however the group was written', async () => {
    const { body } = await tenant.scim.get(`/Groups/${group.id}`)
    assert.deepEqual(
      body.members.slice(0, people).map((member: Resource) => member.value),
      ids,
    )
    const rest = ids.slice(1)
    const put = await tenant.scim.put(`/Groups/${group.id}`, {
      schemas: [coreGroup],
      displayName: 'everybody',
      members: rest.map((value) => ({ value })),
    })
    assert.deepEqual(
      put.body.members.map((member: Resource) => member.value),
      rest,
    )
    const closed = (await tenant.rows('memberships')).filter((row) => row.closed_by !== null)
    assert.equal(closed.length, 2)
  })
})
