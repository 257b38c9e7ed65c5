import assert from 'node:assert/strict'
import {
  addMembers,
  createGroup,
  createUser,
  deleteUser,
  findGroup,
  findUser,
  groupsOfUsers,
  lockUser,
  membersOfGroups,
  replaceUser,
  type Scope,
  type User,
  type UserInput,
} from '../../src/directory/index.js'
import { AppError } from '../../src/platform/errors.js'
import { openWorkbench, someGroup, someUser } from '../support/directory.js'

describe('users', () => {
  let bench: Awaited<ReturnType<typeof openWorkbench>>
  let scope: Scope

  before(async () => {
    bench = await openWorkbench()
  })

  beforeEach(async () => {
    scope = await bench.newScope()
  })

  const create = (input: UserInput, where = scope) => bench.change(where, (c) => createUser(c, where, input))
  const change = (id: string, input: Partial<UserInput>): Promise<User> =>
    bench.change(scope, async (c) => {
      const before = await lockUser(c, scope, id)
      assert.ok(before)
      return replaceUser(c, scope, before, { ...before, unique: undefined, ...input })
    })
  const events = async () => {
    const rows = await bench.database.db('audit_events').where({ org_id: scope.orgId }).orderBy('seq').select('event', 'changed')
    return rows.map((row) => row.event)
  }
  const taken = (code: string) => (error: unknown) =>
    error instanceof AppError && error.kind === 'conflict' && error.code === code

  it('keeps what was sent and gives it back', async () => {
    const profile = { name: { familyName: 'Ǆuran', givenName: 'Ada' }, emails: [{ value: 'Ada@Example.com', primary: true }] }
    const { id } = await create(someUser('Ada', { externalId: 'e-1', profile }))
    const found = await findUser(bench.database.db, scope, id)
    assert.deepEqual(found?.user.profile, profile)
    assert.deepEqual([found?.user.userName, found?.user.externalId, found?.user.version], ['Ada', 'e-1', 1])
  })

  it('SEC-SCIM-18 refuses a userName that is the same to the eye of the canonicaliser, in one organization only', async () => {
    await create(someUser('Kelvin'))
    for (const same of ['kelvin', 'KELVIN', '\u212Aelvin', 'Ｋelvin', ' kelvin ']) {
      await assert.rejects(create(someUser(same)), taken('user_name_taken'), same)
    }
    await create(someUser('\u043Aelvin'))
    await create(someUser('kelvin'), await bench.newScope())
  })

  it('SEC-SCIM-3 keeps an externalId unique within the connection and never takes it for an id', async () => {
    const first = await create(someUser('a', { externalId: '1' }))
    await assert.rejects(create(someUser('b', { externalId: '1' })), taken('external_id_taken'))
    const second = await create(someUser('b', { externalId: first.id }))
    assert.equal((await findUser(bench.database.db, scope, first.id))?.user.id, first.id)
    assert.notEqual(second.id, first.id)
    assert.equal(await findUser(bench.database.db, scope, '1'), undefined)
  })

  it('changes nothing, not even a time stamp, where the input equals what stands', async () => {
    const user = await create(someUser('a', { profile: { title: 'x' } }))
    const after = await change(user.id, { profile: { title: 'x' } })
    assert.deepEqual([after.version, after.updatedAt], [1, user.updatedAt])
    assert.deepEqual(await events(), ['user.created'])
  })

  it('SEC-SCIM-16 moves the epoch in the transaction that switches a user off, and not when it is switched on', async () => {
    const { id } = await create(someUser('a'))
    const off = await change(id, { active: false })
    const on = await change(id, { active: true })
    assert.deepEqual([off.epoch, on.epoch], [2, 2])
    assert.deepEqual(await events(), ['user.created', 'user.deactivated', 'user.reactivated'])
  })

  it('records what changed, before and after', async () => {
    const { id } = await create(someUser('a', { profile: { title: 'Clerk' } }))
    await change(id, { userName: 'b', profile: { title: 'Head' } })
    const row = await bench.database.db('audit_events').where({ org_id: scope.orgId, event: 'user.updated' }).first('changed')
    assert.deepEqual(row.changed, { userName: { before: 'a', after: 'b' }, title: { before: 'Clerk', after: 'Head' } })
  })

  it('closes states and never overwrites them', async () => {
    const { id } = await create(someUser('a', { profile: { title: '1' } }))
    await change(id, { profile: { title: '2' } })
    await change(id, { active: false })
    await bench.change(scope, (c) => deleteUser(c, scope, id))
    const states = await bench.database.db('user_states').where({ org_id: scope.orgId, user_id: id }).orderBy('id')
    assert.deepEqual(
      states.map((row) => [row.profile.title, row.active]),
      [
        ['1', true],
        ['2', true],
        ['2', false],
      ],
    )
    assert.deepEqual(
      states.slice(0, 2).map((row) => row.closed_by),
      states.slice(1).map((row) => row.opened_by),
    )
    assert.notEqual(states[2].closed_by, null)
  })

  it('SEC-SCIM-17 frees userName and externalId on delete; who comes again is somebody new who inherits nothing', async () => {
    const user = await create(someUser('a', { externalId: 'e' }))
    const group = await bench.change(scope, (c) => createGroup(c, scope, someGroup('g'), { members: [user.id], names: 'any' }))
    assert.equal(await bench.change(scope, (c) => deleteUser(c, scope, user.id)), true)
    const again = await create(someUser('a', { externalId: 'e' }))
    assert.notEqual(again.id, user.id)
    assert.deepEqual((await groupsOfUsers(bench.database.db, scope, [again.id])).get(again.id), [])
    assert.deepEqual((await membersOfGroups(bench.database.db, scope, [group.id])).get(group.id), [])
    assert.equal((await findGroup(bench.database.db, scope, group.id))?.version, 2)
    assert.equal(await bench.change(scope, (c) => deleteUser(c, scope, user.id)), false)
    const tombstone = await bench.database.db('users').where({ org_id: scope.orgId, id: user.id }).first('epoch', 'active')
    assert.deepEqual(tombstone, { epoch: 2, active: false })
  })

  it('shows no user of another connection or organization, and changes none', async () => {
    const { id } = await create(someUser('a'))
    for (const foreign of [await bench.newScope(), { ...scope, connectionId: (await bench.newScope()).connectionId }]) {
      assert.equal(await findUser(bench.database.db, foreign, id), undefined)
      await bench.change({ ...foreign }, async (c) => assert.equal(await lockUser(c, foreign, id), undefined))
      assert.equal(await bench.change(foreign, (c) => deleteUser(c, foreign, id)), false)
    }
    assert.ok(await findUser(bench.database.db, scope, id))
  })

  it('shows direct and indirect groups once, through a cycle too', async () => {
    const user = await create(someUser('a'))
    const make = (name: string, members: string[]) =>
      bench.change(scope, (c) => createGroup(c, scope, someGroup(name), { members, names: 'any' }))
    const inner = await make('inner', [user.id])
    const outer = await make('outer', [inner.id, user.id])
    const far = await make('far', [outer.id])
    await bench.change(scope, (c) => addMembers(c, scope, inner.id, [far.id]))
    const shown = (await findUser(bench.database.db, scope, user.id))?.groups
    const expected = [inner, outer]
      .map((g) => [g.id, 'direct'])
      .concat([[far.id, 'indirect']])
      .sort()
    assert.deepEqual(shown?.map((group) => [group.id, group.type]).sort(), expected)
    assert.deepEqual((await groupsOfUsers(bench.database.db, scope, [user.id])).get(user.id), shown)
  })

  it('makes an attribute value unique across users until its holder changes or leaves', async () => {
    const badge = (value: string) => ({ unique: [{ attribute: 'User urn:x:badge', value }] })
    const first = await create(someUser('a', badge('"B1"')))
    await assert.rejects(create(someUser('b', badge('"b1"'))), taken('value_taken'))
    await change(first.id, { ...badge('"B2"'), profile: { title: 'moved' } })
    const second = await create(someUser('b', badge('"B1"')))
    await bench.change(scope, (c) => deleteUser(c, scope, second.id))
    await create(someUser('c', badge('"B1"')))
  })

  it('lets one of many simultaneous creations of a name win', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => create(someUser(i % 2 ? 'Ada' : 'ADA'))))
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.ok(taken('user_name_taken')(outcome.reason))
  })
})
