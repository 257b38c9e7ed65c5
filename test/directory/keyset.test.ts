import assert from 'node:assert/strict'
import {
  compileWalk,
  listUsers,
  type Position,
  type Scope,
  type Sort,
  userFilterTarget,
  walkUsers,
} from '../../src/directory/index.js'
import { prepared } from '../../src/platform/db/query.js'
import { resolveSort } from '../../src/scim/filter.js'
import { userType } from '../../src/scim/resource-types.js'
import type { TestDatabase } from '../support/database.js'
import { openWorkbench } from '../support/directory.js'
import { insertPeople } from '../support/people.js'

/** Plans, not times: what a page costs is how many rows PostgreSQL has to look at for it. */

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

const all = { sql: 'true', bindings: [] }
const limit = 20
const people = 4000

function rowsLookedAt(plan: Plan): number {
  const own =
    plan['Relation Name'] === 'users' ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] : 0
  return own + (plan.Plans ?? []).reduce((sum, part) => sum + rowsLookedAt(part), 0)
}

describe('a page of a walk', () => {
  let database: TestDatabase
  let scope: Scope

  before(async () => {
    const workbench = await openWorkbench()
    database = workbench.database
    scope = await workbench.newScope()
    await insertPeople(database.db, scope, { from: 1, to: people })
    await database.db.raw('analyze users')
    await database.db.raw('analyze identities')
  })

  async function page(sort: Sort | undefined, after: Position | undefined) {
    const sent: { sql: string; bindings: unknown[] }[] = []
    // The rest of the run shares the database; what is asked of this organization is asked here.
    const listen = (query: { sql: string; bindings: unknown[] }) => {
      if (query.bindings.includes(scope.orgId)) sent.push(query)
    }
    const walk = compileWalk(userFilterTarget(scope), sort, after)
    database.db.on('query', listen)
    try {
      return { ...(await walkUsers(database.db, scope, all, walk, limit)), sent }
    } finally {
      database.db.removeListener('query', listen)
    }
  }

  async function cost(sent: readonly { sql: string; bindings: unknown[] }[]): Promise<number> {
    let rows = 0
    for (const { sql, bindings } of sent) {
      const [found] = await prepared<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        database.db,
        '',
        `explain (analyze, timing off, format json) ${sql}`,
        bindings,
      )
      assert.ok(found)
      rows += rowsLookedAt(found['QUERY PLAN'][0].Plan)
    }
    return rows
  }

  /** The position after the row at this place of the list. */
  async function positionAt(sort: Sort | undefined, place: number): Promise<Position> {
    const walk = compileWalk(userFilterTarget(scope), sort, undefined)
    const { last } = await walkUsers(database.db, scope, all, walk, place)
    assert.ok(last)
    return last
  }

  const named = ['id', 'userName', 'displayName', 'meta.created', 'meta.lastModified'].flatMap((path) => [
    resolveSort(userType, path, 'ascending'),
    resolveSort(userType, path, 'descending'),
  ])

  for (const sort of [undefined, ...named]) {
    const title = sort ? `${sort.keys.join('.')} ${sort.order}` : 'without a sort'
    it(`costs deep in a list what it costs at its beginning: ${title}`, async () => {
      for (const place of [0, limit, people / 4, people / 2, (people * 3) / 4 + 7, people - limit]) {
        const after = place === 0 ? undefined : await positionAt(sort, place)
        const { sent } = await page(sort, after)
        const rows = await cost(sent)
        assert.ok(rows <= limit + 1, `${rows} rows for a page of ${limit} at ${place}`)
      }
    })
  }

  it('counts nothing', async () => {
    const { sent } = await page(undefined, undefined)
    assert.deepEqual(
      sent.filter(({ sql }) => /count\(/i.test(sql)),
      [],
    )
  })

  it('takes a second query only where rows without a sort key begin', async () => {
    const sort = resolveSort(userType, 'displayName', 'ascending')
    assert.equal((await page(sort, undefined)).sent.length, 1)
    assert.equal((await page(sort, await positionAt(sort, people - limit * 2))).sent.length, 1)
    const { total } = await listUsers(
      database.db,
      scope,
      { sql: 'u.display_name_key is not null', bindings: [] },
      { sql: 'u.id', bindings: [] },
      { offset: 0, limit: 0 },
    )
    assert.equal((await page(sort, await positionAt(sort, total - 3))).sent.length, 2)
  })

  it('says whether there is more without giving any of it', async () => {
    const walk = (after?: Position) => compileWalk(userFilterTarget(scope), undefined, after)
    assert.deepEqual(await walkUsers(database.db, scope, all, walk(), 0), { items: [], last: undefined, more: true })
    const end = await positionAt(undefined, people)
    assert.deepEqual(await walkUsers(database.db, scope, all, walk(end), 0), { items: [], last: undefined, more: false })
  })

  it('puts values that differ only past their first 256 characters in the order of ids, by index as by key', async () => {
    const { newScope } = await openWorkbench()
    const other = await newScope()
    await insertPeople(database.db, other, { from: 1, to: 9, title: 'x'.repeat(300) })
    const sort = resolveSort(userType, 'title', 'ascending')
    const first = await walkUsers(database.db, other, all, compileWalk(userFilterTarget(other), sort, undefined), 4)
    const rest = await walkUsers(database.db, other, all, compileWalk(userFilterTarget(other), sort, first.last), 100)
    const ids = [...first.items, ...rest.items].map(({ id }) => id)
    assert.equal(first.last?.key?.length, 256)
    assert.deepEqual(ids, [...ids].sort())
    assert.equal(ids.length, 9)
  })
})
