import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ResourceType } from '../../src/contract/attribute-definition.js'
import { compileFilter, compileSort, type FilterTarget, groupFilterTarget, userFilterTarget } from '../../src/directory/index.js'
import type { JsonObject } from '../../src/platform/json.js'
import { resolveFilter, resolveSort } from '../../src/scim/filter.js'
import { type FilterSyntax, parseFilter } from '../../src/scim/filter-syntax.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { testDatabase } from '../support/database.js'
import { filterOf, pathsOf } from '../support/filter-arbitraries.js'
import { matches, sorted } from '../support/filter-oracle.js'
import { filterText } from '../support/filter-text.js'
import { buildWorld, type World, type WorldSeed } from '../support/filter-world.js'
import { oddSchema } from '../support/odd-schema.js'
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
const quietly = { numRuns: 12, interruptAfterTimeLimit: 25_000 }
const filters = { user: filterOf(types.user), group: filterOf(types.group) }

describe('a filter in SQL', () => {
  it('finds what a naive reading of the RFC finds in memory, for any data and any filter (RFC 7644 §3.4.2.2)', async () => {
    const { db } = await testDatabase()
    const asked = noun.chain((one) => fc.tuple(fc.constant(one), filters[one]))
    await fc.assert(
      fc.asyncProperty(
        worldOf(types),
        fc.array(asked, { minLength: 30, maxLength: 30, size: 'max' }),
        fc.boolean(),
        async (seed, questions, isOdd) => {
          const world = await buildWorld(db, seed, types)
          for (const [one, filter] of questions) {
            const expected = documents(one, world).filter((document) => matches(types[one], document, filter))
            const text = filterText(filter, isOdd)
            assert.deepEqual(await filtered(one, types[one], world, text), ids(expected), text)
          }
        },
      ),
      quietly,
    )
  })

  it('finds by ids of users and groups, seen or hidden, what a naive reading finds', async () => {
    const { db } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(worldOf(types), fc.infiniteStream(fc.nat()), async (seed, choices) => {
        const world = await buildWorld(db, seed, types)
        for (const path of ['groups', 'groups.value', 'members', 'members.value', 'id']) {
          const one = path.startsWith('members') || (path === 'id' && world.ids.length % 2 === 0) ? 'group' : 'user'
          for (const id of [...world.ids, (world.ids[0] ?? '').toUpperCase(), 'nobody']) {
            const op = (['eq', 'eq', 'ne', 'sw', 'gt', 'co'] as const)[(choices.next().value ?? 0) % 6] ?? 'eq'
            const plain: FilterSyntax = {
              op: path === 'groups' || path === 'members' ? (op === 'gt' ? 'eq' : op) : op,
              path,
              value: id,
            }
            const filter: FilterSyntax = (choices.next().value ?? 0) % 3 === 0 ? { op: 'not', term: plain } : plain
            const expected = documents(one, world).filter((document) => matches(types[one], document, filter))
            assert.deepEqual(await filtered(one, types[one], world, filterText(filter)), ids(expected), filterText(filter))
          }
        }
      }),
      { numRuns: 6, interruptAfterTimeLimit: 25_000 },
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
      { numRuns: 3, interruptAfterTimeLimit: 25_000 },
    )
  })
})

// Rows of one millisecond look alike in an answer, and are still sorted by their microseconds.
function inMilliseconds(seed: WorldSeed): WorldSeed {
  const whole = <Row extends { createdAt: number; updatedAt: number }>(row: Row): Row => ({
    ...row,
    createdAt: row.createdAt - (row.createdAt % 1000),
    updatedAt: row.updatedAt - (row.updatedAt % 1000),
  })
  return { ...seed, users: seed.users.map(whole), groups: seed.groups.map(whole) }
}

function sortable(type: ResourceType): string[] {
  const made = /^(?:urn:ietf:params:scim:schemas:core:|schemas$|meta$|meta\.resourceType|members|groups)|(?:labels|serials)$/
  return pathsOf(type)
    .filter(
      ({ path, definition }) =>
        !made.test(path) && (definition.type !== 'complex' || definition.subAttributes?.some((sub) => sub.name === 'value')),
    )
    .map(({ path }) => path)
}

function ids(found: readonly JsonObject[]): string[] {
  return found.map((document) => String(document.id)).sort()
}
