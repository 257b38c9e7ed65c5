import assert from 'node:assert/strict'
import { compileFilter, userFilterTarget } from '../../src/directory/index.js'
import type { JsonObject } from '../../src/platform/json.js'
import { resolveFilter } from '../../src/scim/filter.js'
import { parseFilter } from '../../src/scim/filter-syntax.js'
import { userType } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'
import { buildWorld, type UserSeed, type World } from '../support/filter-world.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const user = (userName: string, profile: JsonObject = {}, rest: Partial<UserSeed> = {}): UserSeed => ({
  ...{ userName, active: true, externalId: null, profile, createdAt: 0, updatedAt: 0, fate: 'seen' },
  ...rest,
})
const read = (text: string) => parseFilter(text, { bareValues: 'refuse' })

async function users(world: World, filter: string): Promise<string[]> {
  const { db } = await testDatabase()
  const where = compileFilter(userFilterTarget(world.scope), resolveFilter(userType, read(filter), { booleans: 'strict' }))
  const found = await db.raw(
    `select u.user_name from users u left join identities i on i.org_id = u.org_id and i.user_id = u.id
       and i.connection_id = u.managed_by and i.closed_by is null
     where u.org_id = ? and u.managed_by = ? and u.deleted_at is null and ${where.sql} order by u.user_name`,
    [world.scope.orgId, world.scope.connectionId, ...where.bindings],
  )
  return found.rows.map((row: { user_name: string }) => row.user_name)
}

describe('filters over users in the database', () => {
  let world: World

  before(async () => {
    const { db } = await testDatabase()
    world = await buildWorld(db, {
      users: [
        user('Jensen', {
          name: { familyName: "O'Malley" },
          title: 'Guide',
          userType: 'Employee',
          emails: [
            { value: 'J@Example.com', type: 'Work', primary: true },
            { value: 'j@home.org', type: 'home' },
          ],
        }),
        user('june', {
          userType: 'Intern',
          emails: [{ value: 'june@example.org', type: 'work' }],
          [enterprise]: { department: 'Tours' },
        }),
        user('mia', {
          title: 'Cook',
          userType: 'Contractor',
          ims: [{ value: 'mia@foo.com', type: 'xmpp' }],
          photos: [{ value: 'http://X/1', type: 'photo' }],
        }),
        user(
          '100%',
          {
            nickName: 'a_b\\c😀',
            emails: [
              { value: 'x@home.org', type: 'home' },
              { value: 'y@example.com', type: 'other' },
            ],
          },
          { externalId: 'Ext', active: false, updatedAt: 123_456 },
        ),
        user('hidden', { title: 'Guide' }, { fate: 'foreign' }),
        user('gone', { title: 'Guide' }, { fate: 'deleted' }),
      ],
      groups: [],
      links: [],
    })
  })

  const found: readonly (readonly [filter: string, names: readonly string[]])[] = [
    // every example of RFC 7644 §3.4.2.2
    ['userName eq "jensen"', ['Jensen']],
    ['name.familyName co "O\'Malley"', ['Jensen']],
    ['userName sw "J"', ['Jensen', 'june']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', ['Jensen', 'june']],
    ['title pr', ['Jensen', 'mia']],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', ['100%', 'Jensen', 'june', 'mia']],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', ['100%', 'Jensen', 'june', 'mia']],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', []],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', []],
    ['title pr and userType eq "Employee"', ['Jensen']],
    ['title pr or userType eq "Intern"', ['Jensen', 'june', 'mia']],
    [`schemas eq "${enterprise}"`, ['june']],
    ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', ['Jensen']],
    ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', ['mia']],
    ['userType eq "Employee" and (emails.type eq "work")', ['Jensen']],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', ['Jensen']],
    ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', ['Jensen', 'mia']],
    // one element must fit all of a value path, different ones may fit the terms of a plain filter
    ['emails[type eq "home" and value eq "y@example.com"]', []],
    ['emails.type eq "home" and emails.value eq "y@example.com"', ['100%']],
    ['emails[type eq "work"].value eq "JUNE@example.org"', ['june']],
    // caseExact: a reference and an externalId differ by case, a type does not
    ['photos[type eq "PHOTO" and value eq "http://X/1"]', ['mia']],
    ['photos[type eq "photo" and value eq "http://x/1"]', []],
    ['externalId eq "Ext"', ['100%']],
    ['externalId eq "ext"', []],
    // what is absent differs from everything, a list without elements has none that differs
    ['externalId ne "Ext"', ['Jensen', 'june', 'mia']],
    ['not (externalId eq "Ext")', ['Jensen', 'june', 'mia']],
    ['emails.type ne "work"', ['100%', 'Jensen']],
    ['not (emails.type eq "work")', ['100%', 'mia']],
    ['title eq null', ['100%', 'june']],
    ['emails eq null', ['mia']],
    ['active eq false', ['100%']],
    [`${enterprise}:department eq "tours"`, ['june']],
    [`${enterprise} pr`, ['june']],
    // signs that LIKE, JSON or JavaScript would read otherwise
    ['userName eq "100%"', ['100%']],
    ['userName co "%"', ['100%']],
    ['userName sw "1__"', []],
    ['nickName eq "A_B\\\\c\\ud83d\\ude00"', ['100%']],
    ['nickName ew "\\\\c😀"', ['100%']],
    ['nickName co "a%c"', []],
    ['userName eq "  JENSEN "', ['Jensen']],
    ['userName co ""', ['100%', 'Jensen', 'june', 'mia']],
    // a time is the millisecond that is shown
    ['meta.lastModified eq "2024-02-29T12:00:00.123Z"', ['100%']],
    ['meta.lastModified gt "2024-02-29T12:00:00.123Z"', []],
    ['meta.lastModified eq "2024-02-29T12:00:00.123456Z"', []],
    ['meta.lastModified le "2024-02-29T13:00:00+01:00"', ['Jensen', 'june', 'mia']],
    ['meta.resourceType eq "User" and userName sw "m"', ['mia']],
    ['meta.resourceType eq "Group"', []],
    // what is no id is nobody's id
    ['id eq "1"', []],
    ['id eq "00000000-0000-0000-0000-000000000000"', []],
    ['not (id eq "1")', ['100%', 'Jensen', 'june', 'mia']],
  ]
  for (const [filter, names] of found) {
    it(`${filter} → ${names.join(', ') || 'nobody'}`, async () => assert.deepEqual(await users(world, filter), names))
  }

  it('an id is found as it is written, and not in capitals', async () => {
    const id = world.idOf('mia')
    assert.deepEqual(await users(world, `id eq "${id}"`), ['mia'])
    assert.deepEqual(await users(world, `id eq "${id.toUpperCase()}"`), [])
  })
})
