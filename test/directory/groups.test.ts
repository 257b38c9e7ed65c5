import assert from 'node:assert/strict'
import {
  addMembers,
  createGroup,
  createUser,
  deleteGroup,
  deleteUser,
  findGroup,
  type Group,
  lockGroup,
  type MembersChanged,
  membersOfGroups,
  removeMembers,
  replaceGroup,
  replaceMembers,
  type Scope,
} from '../../src/directory/index.js'
import type { Change } from '../../src/journal/index.js'
import { AppError } from '../../src/platform/errors.js'
import { openWorkbench, someGroup, someUser } from '../support/directory.js'

describe('groups and members', () => {
  let bench: Awaited<ReturnType<typeof openWorkbench>>
  let scope: Scope

  before(async () => {
    bench = await openWorkbench()
  })

  beforeEach(async () => {
    scope = await bench.newScope()
  })

  const user = (name: string) => bench.change(scope, (c) => createUser(c, scope, someUser(name)))
  const group = (name: string, members: string[] = []) =>
    bench.change(scope, (c) => createGroup(c, scope, someGroup(name), { members, names: 'any' }))
  const members = async (id: string) =>
    ((await membersOfGroups(bench.database.db, scope, [id])).get(id) ?? []).map((m) => m.id).sort()
  const touch = (id: string, step: (c: Change, before: Group) => Promise<MembersChanged>): Promise<Group> =>
    bench.change(scope, async (c) => {
      const before = await lockGroup(c, scope, id)
      assert.ok(before)
      const changed = await step(c, before)
      return replaceGroup(c, scope, before, { ...before, unique: undefined }, { members: changed, names: 'any' })
    })
  const add = (id: string, ids: string[]) => touch(id, (c) => addMembers(c, scope, id, ids))
  const remove = (id: string, ids: string[]) => touch(id, (c) => removeMembers(c, scope, id, ids))

  it('removes only the members that are named', async () => {
    const people = await Promise.all(['a', 'b', 'c'].map(user))
    const ids = people.map((person) => person.id)
    const { id } = await group('g', ids)
    await remove(id, [ids[1] ?? ''])
    assert.deepEqual(await members(id), [ids[0], ids[2]].sort())
  })

  it('moves neither version nor time for a member already there or already gone', async () => {
    const [a, b] = [await user('a'), await user('b')]
    const before = await group('g', [a.id])
    const after = await remove((await add(before.id, [a.id])).id, [b.id])
    assert.deepEqual([after.version, after.updatedAt], [before.version, before.updatedAt])
    assert.equal((await add(before.id, [b.id])).version, 2)
  })

  it('replaces a list by its difference, and keeps the rows of those who stay', async () => {
    const ids = (await Promise.all(['a', 'b', 'c'].map(user))).map((person) => person.id)
    const { id } = await group('g', ids.slice(0, 2))
    const rows = () =>
      bench.database.db('memberships').where({ org_id: scope.orgId, group_id: id, closed_by: null }).orderBy('id')
    const stays = (await rows()).find((row) => row.user_id === ids[1])
    await touch(id, (c) => replaceMembers(c, scope, id, ids.slice(1)))
    assert.deepEqual(await members(id), ids.slice(1).sort())
    assert.ok((await rows()).some((row) => row.id === stays.id))
    const event = await bench.database
      .db('audit_events')
      .where({ org_id: scope.orgId, event: 'group.members_changed' })
      .orderBy('seq', 'desc')
      .first()
    const lists = await bench.database.db('audit_lists').where({ org_id: scope.orgId, audit_event_id: event.id })
    assert.deepEqual(
      lists.map((row) => [row.added, row.removed]),
      [[[ids[2]], [ids[0]]]],
    )
  })

  it('SEC-SCIM-9 refuses a member that names nobody here and changes nothing, other tenants’ people included', async () => {
    const [a, other] = [await user('a'), await bench.newScope()]
    const stranger = await bench.change(other, (c) => createUser(c, other, someUser('x')))
    const { id } = await group('g')
    for (const unknown of [stranger.id, 'no-uuid', '00000000-0000-7000-8000-000000000000']) {
      await assert.rejects(add(id, [a.id, unknown]), (error) => error instanceof AppError && error.code === 'unknown_member')
    }
    assert.deepEqual(await members(id), [])
  })

  it('leaves alone what another source added', async () => {
    const [a, b] = [await user('a'), await user('b')]
    const { id } = await group('g', [a.id])
    await bench.change(scope, async (c) => {
      const row = { org_id: scope.orgId, id: c.newId(), group_id: id, user_id: b.id, connection_id: null, opened_by: c.id }
      await c.trx('memberships').insert(row)
    })
    await touch(id, (c) => replaceMembers(c, scope, id, []))
    assert.deepEqual(await members(id), [b.id])
    await add(id, [b.id])
    assert.deepEqual(await members(id), [b.id], 'a member by two sources is shown once')
  })

  it('SEC-SCIM-14 shows no member whom the connection does not manage', async () => {
    const other = await bench.otherConnection(scope)
    const stranger = await bench.change(other, (c) => createUser(c, other, someUser('local')))
    const { id } = await group('g')
    await bench.change(scope, async (c) => {
      const row = { org_id: scope.orgId, id: c.newId(), group_id: id, user_id: stranger.id, connection_id: null, opened_by: c.id }
      await c.trx('memberships').insert(row)
    })
    assert.deepEqual(await members(id), [])
  })

  it('stores a cycle of groups', async () => {
    const a = await group('a')
    const b = await group('b', [a.id])
    await add(a.id, [b.id])
    assert.deepEqual([await members(a.id), await members(b.id)], [[b.id], [a.id]])
  })

  it('ends memberships on both sides when a group goes, and frees its externalId', async () => {
    const a = await user('a')
    const inner = await bench.change(scope, (c) =>
      createGroup(c, scope, someGroup('inner', { externalId: 'x' }), { members: [a.id], names: 'any' }),
    )
    const outer = await group('outer', [inner.id])
    await bench.change(scope, (c) => deleteGroup(c, scope, inner.id))
    assert.deepEqual(await members(outer.id), [])
    assert.equal((await findGroup(bench.database.db, scope, outer.id))?.version, 2)
    const again = await bench.change(scope, (c) =>
      createGroup(c, scope, someGroup('inner', { externalId: 'x' }), { members: [], names: 'any' }),
    )
    assert.deepEqual(await members(again.id), [])
  })

  it('keeps names unique where the connection asks for it, but for groups the provider tells apart', async () => {
    const make = (name: string, externalId: string | null) =>
      bench.change(scope, (c) => createGroup(c, scope, someGroup(name, { externalId }), { members: [], names: 'unique' }))
    await make('Sales', 'one')
    await make('Sales', 'two')
    await assert.rejects(make('SALES', null), (error) => error instanceof AppError && error.code === 'group_name_taken')
    const outcomes = await Promise.allSettled([make('Ops', null), make('ops', null), make('OPS', null)])
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1)
  })

  it('loses no member to writers who add and remove at the same time', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, (_, i) => user(`p${i}`)))
    const { id } = await group(
      'g',
      people.slice(0, 6).map((person) => person.id),
    )
    await Promise.all([
      ...people.slice(6).map((person) => add(id, [person.id])),
      ...people.slice(0, 3).map((person) => remove(id, [person.id])),
    ])
    assert.deepEqual(
      await members(id),
      people
        .slice(3)
        .map((person) => person.id)
        .sort(),
    )
    assert.equal((await findGroup(bench.database.db, scope, id))?.version, 10)
  })

  it('never leaves a tombstone in a group, whoever comes first', async () => {
    for (let round = 0; round < 6; round++) {
      const [person, { id }] = [await user(`t${round}`), await group(`g${round}`)]
      await Promise.allSettled([add(id, [person.id]), bench.change(scope, (c) => deleteUser(c, scope, person.id))])
      const open = await bench.database.db('memberships').where({ org_id: scope.orgId, user_id: person.id, closed_by: null })
      assert.deepEqual(open, [])
    }
  })
})
