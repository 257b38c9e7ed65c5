import assert from 'node:assert/strict'
import {
  type CompiledPredicate,
  compileFilter,
  type FilterTarget,
  groupFilterTarget,
  memberFilterTarget,
  userFilterTarget,
} from '../../src/directory/index.js'
import { newId } from '../../src/platform/ids.js'
import type { JsonObject } from '../../src/platform/json.js'
import { resolveFilter } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'
import { buildWorld, type GroupSeed, type LinkSeed, type UserSeed, type World } from '../support/filter-world.js'

type Fate = UserSeed['fate']
const common = (fate: Fate) => ({ externalId: null, profile: {}, createdAt: 0, updatedAt: 0, fate })
const user = (userName: string, fate: Fate = 'seen', profile: JsonObject = {}): UserSeed => ({
  ...common(fate),
  userName,
  active: true,
  profile,
})
const group = (displayName: string, fate: Fate = 'seen'): GroupSeed => ({ ...common(fate), displayName })
const link = (of: number, member: LinkSeed['member'], rest: Partial<LinkSeed> = {}): LinkSeed => ({
  ...{ group: of, member, by: 'connection', ended: false },
  ...rest,
})

/** Names, in order, of what a filter finds; `{Name}` in it stands for the id of the user or group of that name. */
async function find(world: World, noun: 'user' | 'group', filter: string): Promise<string[]> {
  const type = noun === 'user' ? userType : groupType
  const where = compile(
    noun === 'user' ? userFilterTarget(world.scope) : groupFilterTarget(world.scope),
    type,
    withIds(world, filter),
  )
  const [alias, table, name] = noun === 'user' ? ['u', 'users u', 'u.user_name'] : ['g', 'groups g', 'g.display_name']
  const { db } = await testDatabase()
  const found = await db.raw(
    `select ${name} as name from ${table} where ${alias}.org_id = ? and ${alias}.managed_by = ? and ${alias}.deleted_at is null
       and ${where.sql} order by ${name} collate "C"`,
    [world.scope.orgId, world.scope.connectionId, ...where.bindings],
  )
  return found.rows.map((row: { name: string }) => row.name)
}

function compile(target: FilterTarget, type: typeof userType, filter: string): CompiledPredicate {
  return compileFilter(target, resolveFilter(type, parseFilter(filter, { bareValues: 'refuse' }), { booleans: 'strict' }))
}

function withIds(world: World, filter: string): string {
  return filter.replace(/\{(\w+)\}/g, (_, name) => world.idOf(name))
}

describe('lists that are rows', () => {
  let world: World

  before(async () => {
    const { db } = await testDatabase()
    // Top holds Middle holds Low holds Top again: a cycle. Ada is in Low and, directly, in Top. Bob is in Middle alone.
    // Cyd is in Local, which the connection does not see, and so in Other, which it does. Dan is in nothing.
    const users = [
      user('Ada', 'seen', { displayName: 'Ada L.' }),
      user('Bob'),
      user('Cyd'),
      user('Dan'),
      user('Far', 'foreign'),
      user('Gone', 'deleted'),
    ]
    const groups = [
      group('Top'),
      group('Middle'),
      group('Low'),
      group('Other'),
      group('Local', 'foreign'),
      group('Past', 'deleted'),
    ]
    world = await buildWorld(db, {
      users,
      groups,
      links: [
        link(0, { group: 1 }),
        link(1, { group: 2 }),
        link(2, { group: 0 }),
        link(2, { user: 0 }),
        link(0, { user: 0 }, { by: 'hand' }),
        link(1, { user: 1 }),
        link(3, { user: 0 }, { ended: true }),
        link(3, { user: 4 }, { by: 'hand' }),
        link(3, { user: 5 }),
        link(3, { group: 4 }, { by: 'hand' }),
        link(4, { user: 2 }, { by: 'hand' }),
      ],
    })
  })

  describe('groups of users in a filter (RFC 7643 §4.1.2)', () => {
    const found: readonly (readonly [filter: string, names: readonly string[]])[] = [
      ['groups eq "{Top}"', ['Ada', 'Bob']],
      ['groups.value eq "{Low}"', ['Ada', 'Bob']],
      ['groups[value eq "{Top}" and type eq "direct"]', ['Ada']],
      ['groups[value eq "{Top}" and type eq "indirect"]', ['Bob']],
      ['groups[value eq "{Middle}" and type eq "DIRECT"]', ['Bob']],
      ['groups[value eq "{Middle}" and not (type eq "direct")]', ['Ada']],
      ['groups[display eq "middle" or type eq "direct"]', ['Ada', 'Bob']],
      ['groups[display eq "top" and (type eq "direct" or display eq "x")]', ['Ada']],
      ['groups.display co "OW"', ['Ada', 'Bob']],
      ['groups pr', ['Ada', 'Bob', 'Cyd']],
      ['groups eq null', ['Dan']],
      ['groups[type pr and display pr and value pr]', ['Ada', 'Bob', 'Cyd']],
      ['not (groups.display eq "Top")', ['Cyd', 'Dan']],
      ['groups.display ne "Top"', ['Ada', 'Bob', 'Cyd']],
      ['groups[value eq "{Other}" and type eq "indirect"]', ['Cyd']],
      ['groups.value eq "{Local}" or groups.display eq "Local"', []],
      ['groups.value eq "nobody" or userName eq "cyd"', ['Cyd']],
    ]
    for (const [filter, names] of found) {
      it(`${filter} → ${names.join(', ') || 'nobody'}`, async () => assert.deepEqual(await find(world, 'user', filter), names))
    }
  })

  describe('members of groups in a filter (RFC 7643 §4.2)', () => {
    const found: readonly (readonly [filter: string, names: readonly string[]])[] = [
      ['members eq "{Ada}"', ['Low', 'Top']],
      ['members.value eq "{Low}"', ['Middle']],
      ['members[value eq "{Ada}" and type eq "User"]', ['Low', 'Top']],
      ['members[value eq "{Ada}" and type eq "Group"]', []],
      ['members.type eq "group"', ['Low', 'Middle', 'Top']],
      ['members.display eq "ADA L."', ['Low', 'Top']],
      ['members.display eq "bob"', ['Middle']],
      ['members.display sw "mid"', ['Top']],
      ['members[type eq "User" and not (value eq "{Ada}")]', ['Middle']],
      ['id eq "{Top}" and members eq "{Ada}"', ['Top']],
      ['id eq "{Top}" and members eq "{Bob}"', []],
      ['members pr', ['Low', 'Middle', 'Top']],
      ['members eq null', ['Other']],
      ['not (members.value eq "{Ada}")', ['Middle', 'Other']],
    ]
    for (const [filter, names] of found) {
      it(`${filter} → ${names.join(', ') || 'no group'}`, async () => assert.deepEqual(await find(world, 'group', filter), names))
    }

    it('one member can be chosen by a filter over its row', async () => {
      const { db } = await testDatabase()
      const choose = async (filter: string) => {
        const predicate = resolveFilter(groupType, parseFilter(withIds(world, `members[${filter}]`), { bareValues: 'refuse' }), {
          booleans: 'strict',
        })
        assert.ok(predicate.kind === 'any')
        const where = compileFilter(memberFilterTarget(world.scope), predicate.where)
        const found = await db.raw(
          `select m.member_id from memberships as m where m.org_id = ? and m.group_id = ? and m.closed_by is null and ${where.sql}`,
          [world.scope.orgId, world.idOf('Top'), ...where.bindings],
        )
        return found.rows.map((row: { member_id: string }) => row.member_id).sort()
      }
      const [ada, middle] = [world.idOf('Ada'), world.idOf('Middle')]
      assert.deepEqual(await choose('value eq "{Ada}"'), [ada])
      assert.deepEqual(await choose('type eq "Group"'), [middle])
      assert.deepEqual(await choose('display eq "ada l." or display eq "MIDDLE"'), [ada, middle].sort())
      assert.deepEqual(await choose('value ne "{Ada}" and display pr'), [middle])
    })
  })

  describe('what a connection cannot see', () => {
    for (const path of ['members.value', 'members', 'members.display']) {
      it(`SEC-SCIM-14 is as absent in ${path} as what never was`, async () => {
        for (const name of ['Far', 'Gone', 'Local', 'Past']) {
          const hidden = path.endsWith('display') ? name : `{${name}}`
          const nobody = path.endsWith('display') ? 'Nobody' : newId()
          for (const filter of [
            `${path} eq "#"`,
            `not (${path} eq "#")`,
            `members[value eq "{Ada}" or ${path === 'members' ? 'value' : path.slice(8)} eq "#"]`,
          ]) {
            assert.deepEqual(
              await find(world, 'group', filter.replace('#', hidden)),
              await find(world, 'group', filter.replace('#', nobody)),
              `${filter} with ${name}`,
            )
          }
        }
      })
    }

    it('SEC-SCIM-14 lies outside its organization, whatever the filter says', async () => {
      const { db } = await testDatabase()
      const other = await buildWorld(db, { users: [user('Ada')], groups: [group('Top')], links: [link(0, { user: 0 })] })
      for (const filter of ['userName eq "Ada" or id pr', `groups.value eq "${world.idOf('Top')}" or groups.display eq "Top"`]) {
        assert.deepEqual(await find(other, 'user', filter), ['Ada'])
      }
      assert.deepEqual(await find(other, 'user', `groups.value eq "${world.idOf('Top')}"`), [])
      assert.deepEqual(await find(other, 'group', `members.value eq "${world.idOf('Ada')}"`), [])
      assert.deepEqual(await find(other, 'user', `id eq "${world.idOf('Ada')}"`), [])
    })
  })
})
