import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.js'
import { loadConfig } from '../../src/platform/config.js'
import { migrate } from '../../src/platform/db/migrate.js'
import { type Database, openDatabase } from '../../src/platform/db/open.js'
import { startTestApp } from '../support/app.js'
import { testDatabase } from '../support/database.js'
import { ownDatabase } from '../support/own-database.js'
import { insertPeople } from '../support/people.js'
import { scimClient } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'
import { walkToEnd } from '../support/walk.js'

/** Runs `work` over and over until `other` has ended; gives what `other` gave. */
async function whileRunning<T>(other: Promise<T>, work: (turn: number) => Promise<unknown>): Promise<T> {
  let running = true
  const done = other.finally(() => {
    running = false
  })
  for (let turn = 0; running; turn++) await work(turn)
  return done
}

const people = 100

function assertWhole(resources: readonly Resource[], standing: readonly string[]): void {
  const names = resources.map(({ userName }) => userName)
  assert.equal(new Set(names).size, names.length, 'somebody came twice')
  const expected = new Set(standing)
  assert.deepEqual(
    names.filter((name) => expected.has(name)),
    standing,
  )
}

describe('a walk by cursor under concurrent changes', () => {
  let tenant: Tenant
  let standing: readonly Resource[]

  before(async () => {
    tenant = await newTenant()
    const { db } = await testDatabase()
    await insertPeople(db, tenant, { from: 1, to: people })
    standing = (await tenant.scim.get(`/Users?count=${people}`)).body.Resources
  })

  /** Users who come while the walk runs, and go again two turns later. */
  function crowd(prefix: string) {
    const there: string[] = []
    return async (turn: number) => {
      const at = (turn * 37) % (people + 20)
      const user = await tenant.user(
        `p${String(at).padStart(6, '0')}-${prefix}${turn}`,
        turn % 2 ? { displayName: `person ${at % 30}` } : {},
      )
      there.push(user.id)
      const gone = there.length > 2 ? there.shift() : undefined
      if (gone) assert.equal((await tenant.scim.delete(`/Users/${gone}`)).status, 204)
    }
  }

  const orders = {
    '': (user: Resource) => user.id,
    '&sortBy=userName': (user: Resource) => user.userName,
    '&sortBy=displayName': (user: Resource) => `${user.displayName ?? '~'} ${user.id}`,
  }
  for (const [sort, keyOf] of Object.entries(orders)) {
    for (const order of ['ascending', 'descending']) {
      if (sort === '' && order === 'descending') continue
      it(`skips and repeats nothing that stood throughout: ${sort || 'by id'} ${order}`, async () => {
        const expected = [...standing].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
        if (order === 'descending') expected.reverse()
        const walk = walkToEnd((cursor) => tenant.scim.get(`/Users?count=7${sort}&sortOrder=${order}&cursor=${cursor}`))
        const { resources } = await whileRunning(walk, crowd(`${order}${sort.length}-`))
        assertWhole(
          resources,
          expected.map(({ userName }) => userName),
        )
      })
    }
  }

  it('goes on after the very user it stands at was deleted', async () => {
    const small = await newTenant()
    const ids = new Map<string, string>()
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.set(name, (await small.user(name)).id)
    const { resources } = await walkToEnd(async (cursor) => {
      const answer = await small.scim.get(`/Users?cursor=${cursor}&count=2&sortBy=userName`)
      if (cursor === '') await small.scim.delete(`/Users/${ids.get('b')}`)
      return answer
    })
    assertWhole(resources, ['a', 'b', 'c', 'd', 'e'])
  })

  it('over 100,000 users, while others come and go by the hundred, finds each once', async function () {
    // The embedded database does it too, in a minute that nobody wants to wait for each time.
    if ((await testDatabase()).kind === 'embedded') this.skip()
    this.timeout(120_000)
    this.slow(20_000)
    // In a database of its own: the planner would judge the small organizations of other tests by this large one.
    const { env, remove } = await ownDatabase()
    const database = await openDatabase(loadConfig(env))
    try {
      await migrate(database.db, migrations)
      await walkAmongThousands(database)
    } finally {
      await database.close()
      await remove()
    }
  })
})

async function walkAmongThousands(database: Database): Promise<void> {
  const { db } = database
  const app = await startTestApp({ database })
  try {
    const { orgId, connectionId, baseUrl, token } = await app.createOrganization()
    const scope = { orgId, connectionId }
    await insertPeople(db, scope, { from: 1, to: 100_000 })
    await db.raw('analyze users')
    await db.raw('analyze identities')
    // Every 50th leaves; from 100,001 on others arrive, in between by displayName and by id.
    const stir = async (turn: number) => {
      const from = 100_001 + turn * 100
      await insertPeople(db, scope, { from, to: from + 99 })
      const leaving = Array.from({ length: 40 }, (_, n) => `p${String((turn * 40 + n) * 50).padStart(6, '0')}@example.com`)
      await db('users').where({ org_id: orgId }).whereIn('user_name', leaving).update({ deleted_at: new Date() })
    }
    const scim = scimClient(baseUrl, token)
    let pages = 0
    let stirred = Promise.resolve()
    const { resources } = await walkToEnd((cursor) => {
      const turn = pages++ / 10
      if (Number.isInteger(turn)) stirred = stirred.then(() => stir(turn))
      return scim.get(`/Users?attributes=userName&sortBy=displayName&count=200&cursor=${cursor}`)
    })
    await stirred
    const seen = new Map<string, number>()
    for (const { userName } of resources) seen.set(userName, (seen.get(userName) ?? 0) + 1)
    const wrong = Array.from({ length: 100_000 }, (_, index) => index + 1)
      .filter((n) => n % 50 !== 0)
      .filter((n) => seen.get(`p${String(n).padStart(6, '0')}@example.com`) !== 1)
    assert.deepEqual(wrong, [])
    assert.equal(seen.size, resources.length)
  } finally {
    await app.stop()
  }
}
