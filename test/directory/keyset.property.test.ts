import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  compileSort,
  compileWalk,
  groupFilterTarget,
  listGroups,
  listUsers,
  type Position,
  type Sort,
  userFilterTarget,
  walkGroups,
  walkUsers,
} from '../../src/directory/index.js'
import type { Knex } from '../../src/platform/db/open.js'
import { resolveSort } from '../../src/scim/filter.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'
import { sorted } from '../support/filter-oracle.js'
import { buildWorld, type World } from '../support/filter-world.js'
import { oddSchema } from '../support/odd-schema.js'
import { inMilliseconds, sortable } from '../support/sortable.js'
import { worldOf } from '../support/world-arbitraries.js'

const extension = [{ schema: oddSchema, required: false }]
const types = { user: withExtensions(userType, extension), group: withExtensions(groupType, extension) }
type Noun = keyof typeof types
const nouns = ['user', 'group'] as const
const orders = ['ascending', 'descending'] as const
const all = { sql: 'true', bindings: [] }
const patience = { interruptAfterTimeLimit: 25_000 }

const kinds = {
  user: { target: userFilterTarget, walk: walkUsers, list: listUsers },
  group: { target: groupFilterTarget, walk: walkGroups, list: listGroups },
}

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id)

/** Walks to the end in pages of these sizes, over and over. */
async function walked(
  db: Knex,
  noun: Noun,
  { scope }: World,
  sort: Sort | undefined,
  sizes: readonly number[],
  meanwhile: () => Promise<void> = async () => {},
): Promise<string[]> {
  const found: string[] = []
  let after: Position | undefined
  for (let page = 0; ; page++) {
    const limit = sizes[page % sizes.length] ?? 1
    const walk = compileWalk(kinds[noun].target(scope), sort, after)
    const { items, last, more } = await kinds[noun].walk(db, scope, all, walk, limit)
    assert.equal(items.length, more ? limit : items.length)
    found.push(...idsOf(items))
    if (!more) return found
    assert.ok(last)
    after = last
    await meanwhile()
  }
}

async function listed(db: Knex, noun: Noun, { scope }: World, sort: Sort): Promise<string[]> {
  const order = compileSort(kinds[noun].target(scope), sort)
  return idsOf((await kinds[noun].list(db, scope, all, order, { offset: 0, limit: 1000 })).items)
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })

describe('a walk by key', () => {
  it('gives in pages of any size what the whole sorted list is, for any data and every sort (RFC 9865 §2.2)', async () => {
    const { db } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(worldOf(types), sizes, async (seed, pages) => {
        const world = await buildWorld(db, inMilliseconds(seed), types)
        for (const noun of nouns) {
          const documents = noun === 'user' ? world.users : world.groups
          for (const path of sortable(types[noun])) {
            for (const order of orders) {
              const found = await walked(db, noun, world, resolveSort(types[noun], path, order), pages)
              assert.deepEqual(found, sorted(types[noun], documents, path, order), `${path} ${order}`)
            }
          }
        }
      }),
      { numRuns: 3, ...patience },
    )
  })

  it('tells microseconds apart, and times of any year and zone', async () => {
    const { db } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(worldOf(types), sizes, async (seed, pages) => {
        const world = await buildWorld(db, seed, types)
        for (const path of ['meta.created', 'meta.lastModified', `${oddSchema.id}:hired`, `${oddSchema.id}:badges.issued`]) {
          for (const order of orders) {
            const sort = resolveSort(types.user, path, order)
            assert.deepEqual(await walked(db, 'user', world, sort, pages), await listed(db, 'user', world, sort), path)
          }
        }
      }),
      { numRuns: 6, ...patience },
    )
  })

  it('goes by id without a sort', async () => {
    const { db } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(worldOf(types), sizes, async (seed, pages) => {
        const world = await buildWorld(db, seed, types)
        for (const noun of nouns) {
          const ids = (noun === 'user' ? world.users : world.groups).map((one) => String(one.id)).sort()
          assert.deepEqual(await walked(db, noun, world, undefined, pages), ids)
        }
      }),
      { numRuns: 4, ...patience },
    )
  })

  it('skips and repeats nothing that stands throughout, whatever comes and goes between the pages', async () => {
    const { db } = await testDatabase()
    const stir = fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 10, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(worldOf(types), sizes, stir, async (seed, pages, moves) => {
        const world = await buildWorld(db, inMilliseconds(seed), types)
        const standing = world.users.filter((_, index) => index % 2 === 0)
        const restless = world.users.filter((_, index) => index % 2 === 1).map(({ id }) => String(id))
        for (const path of ['userName', 'displayName', 'emails', 'active', 'externalId', `${oddSchema.id}:score`]) {
          for (const order of orders) {
            let move = 0
            const found = await walked(db, 'user', world, resolveSort(types.user, path, order), pages, async () => {
              const [which, comes] = moves[move++ % moves.length] ?? [0, true]
              const id = restless[which % (restless.length || 1)]
              if (id)
                await db('users')
                  .where({ org_id: world.scope.orgId, id })
                  .update({ deleted_at: comes ? null : new Date(0) })
            })
            assert.equal(new Set(found).size, found.length, 'a user came twice')
            const kept = found.filter((id) => !restless.includes(id))
            assert.deepEqual(kept, sorted(types.user, standing, path, order), `${path} ${order}`)
          }
        }
      }),
      { numRuns: 6, ...patience },
    )
  })
})
