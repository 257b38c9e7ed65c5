import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ResourceType } from '../../src/contract/attribute-definition.js'
import { compileFilter, compileSort, type FilterTarget, groupFilterTarget, userFilterTarget } from '../../src/directory/index.js'
import type { JsonObject } from '../../src/platform/json.js'
import { resolveFilter, resolveSort } from '../../src/scim/filter.js'
import { type FilterSyntax, parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'
import { filterOf } from '../support/filter-arbitraries.js'
import { matches, sorted } from '../support/filter-oracle.js'
import { filterText } from '../support/filter-text.js'
import { buildWorld, type World } from '../support/filter-world.js'
import { oddSchema } from '../support/odd-schema.js'
import { inMilliseconds, sortable } from '../support/sortable.js'
import { text, worldOf } from '../support/world-arbitraries.js'

const extension = [{ schema: oddSchema, required: false }]
const types = { user: withExtensions(userType, extension), group: withExtensions(groupType, extension) }

const from = {
  user: 'users u left join identities i on i.org_id = u.org_id and i.user_id = u.id and i.connection_id = u.managed_by and i.closed_by is null',
  group: 'groups g',
}

type Noun = 'user' | 'group'
const target = (noun: Noun, world: World): FilterTarget => (noun === 'user' ? userFilterTarget : groupFilterTarget)(world.scope)
const documents = (noun: Noun, world: World): readonly JsonObject[] => (noun === 'user' ? world.users : world.groups)

async function select(
  noun: Noun,
  world: World,
  where: { sql: string; bindings: readonly unknown[] },
  order: typeof where,
): Promise<string[]> {
  const { db } = await testDatabase()
  const [alias] = noun
  const sql = `select ${alias}.id from ${from[noun]} where ${alias}.org_id = ? and ${alias}.managed_by = ? and ${alias}.deleted_at is null
    and ${where.sql} order by ${order.sql}`
  const { orgId, connectionId } = world.scope
  const found = await db.raw(sql, [orgId, connectionId, ...where.bindings, ...order.bindings] as string[])
  return found.rows.map((row: { id: string }) => row.id)
}

function filtered(noun: Noun, type: ResourceType, world: World, filter: string): Promise<string[]> {
  const syntax = parseFilter(filter, { bareValues: 'refuse' })
  return select(noun, world, compileFilter(target(noun, world), resolveFilter(type, syntax, { booleans: 'strict' })), {
    sql: `${noun[0]}.id`,
    bindings: [],
  })
}

const noun = fc.constantFrom<Noun[]>('user', 'group')
const patience = { interruptAfterTimeLimit: 25_000 }

/** Worlds, and thirty filters for each. */
function questions(filters: Record<Noun, fc.Arbitrary<FilterSyntax>>) {
  const question = noun.chain((one) => fc.tuple(fc.constant(one), filters[one]))
  return fc.tuple(worldOf(types), fc.array(question, { minLength: 30, maxLength: 30, size: 'max' }), fc.boolean())
}

async function agree(world: World, one: Noun, filter: FilterSyntax, isOdd: boolean): Promise<void> {
  const expected = documents(one, world).filter((document) => matches(types[one], document, filter))
  const asked = filterText(filter, isOdd)
  assert.deepEqual(await filtered(one, types[one], world, asked), ids(expected), asked)
}

/** `#3` as the id of the fourth user or group, `#3!` as that in capitals. */
function withIds(world: World, filter: FilterSyntax): FilterSyntax {
  return JSON.parse(JSON.stringify(filter), (_, value) => {
    const [, position, shout] = typeof value === 'string' ? (/^#(\d+)(!?)$/.exec(value) ?? []) : []
    const id = position === undefined ? undefined : (world.ids[Number(position)] ?? 'nobody')
    return id === undefined ? value : shout ? id.toUpperCase() : id
  })
}

describe('a filter in SQL', () => {
  it('finds what a naive reading of the RFC finds in memory, for any data and any filter (RFC 7644 §3.4.2.2)', async () => {
    const { db } = await testDatabase()
    const filters = { user: filterOf(types.user), group: filterOf(types.group) }
    await fc.assert(
      fc.asyncProperty(questions(filters), async ([seed, asked, isOdd]) => {
        const world = await buildWorld(db, seed, types)
        for (const [one, filter] of asked) await agree(world, one, filter, isOdd)
      }),
      { numRuns: 20, ...patience },
    )
  })

  it('finds by members and groups, seen or hidden, direct or nested, what a naive reading finds', async () => {
    const { db } = await testDatabase()
    const known = [...Array.from({ length: 20 }, (_, index) => `#${index}`), '#0!']
    const about = /^(?:id|groups|members)(?:\.|$)/
    const filters = { user: filterOf(types.user, known, about), group: filterOf(types.group, known, about) }
    await fc.assert(
      fc.asyncProperty(questions(filters), async ([seed, asked, isOdd]) => {
        const world = await buildWorld(db, seed, types)
        for (const [one, filter] of asked) await agree(world, one, withIds(world, filter), isOdd)
      }),
      { numRuns: 15, ...patience },
    )
  })

  it('SEC-SCIM-11 treats any text as a value and nothing else', async () => {
    const { db } = await testDatabase()
    const anyText = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('\0'))
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, anyText), fc.constantFrom('eq', 'co', 'sw', 'ew'), async (value, op) => {
        const profile = { nickName: value, emails: [{ value }] }
        const world = await buildWorld(db, {
          users: [
            { userName: 'one', active: true, externalId: value, profile, createdAt: 0, updatedAt: 0, fate: 'seen' },
            { userName: 'two', active: true, externalId: null, profile: {}, createdAt: 0, updatedAt: 0, fate: 'seen' },
          ],
          groups: [],
          links: [],
        })
        for (const path of ['nickName', 'emails.value', 'externalId']) {
          assert.deepEqual(
            await filtered('user', userType, world, `${path} ${op} ${JSON.stringify(value)}`),
            ids(world.users.slice(0, 1)),
            path,
          )
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a sort in SQL', () => {
  it('orders by the primary or else first value, absent ones last when ascending (RFC 7644 §3.4.2.3)', async () => {
    const { db } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(worldOf(types), async (seed) => {
        const world = await buildWorld(db, inMilliseconds(seed), types)
        for (const one of ['user', 'group'] as const) {
          for (const path of sortable(types[one])) {
            for (const order of ['ascending', 'descending'] as const) {
              const compiled = compileSort(target(one, world), resolveSort(types[one], path, order))
              const found = await select(one, world, { sql: 'true', bindings: [] }, compiled)
              assert.deepEqual(found, sorted(types[one], documents(one, world), path, order), `${path} ${order}`)
            }
          }
        }
      }),
      { numRuns: 3, ...patience },
    )
  })
})

function ids(found: readonly JsonObject[]): string[] {
  return found.map((document) => String(document.id)).sort()
}
