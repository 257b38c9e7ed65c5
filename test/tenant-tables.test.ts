import assert from 'node:assert/strict'
import { printCatalogue, readCatalogue, type TableShape } from './support/catalogue.js'
import { testDatabase } from './support/database.js'
import { assertGolden } from './support/golden.js'
import { referenceTables } from './support/sql-log.js'

/**
 * Tenants cannot meet (design law 5): an organization could be a shard of its own. A new table is a tenant's unless it is listed as a
 * reference table in support/sql-log.ts.
 */

const startsWithOrganization = (columns: readonly string[]): boolean => columns[0] === 'org_id'

function faultsOf(table: TableShape): string[] {
  const faults: string[] = []
  if (!table.columns.some((column) => /^org_id uuid .*not null/.test(`${column} `))) faults.push('has no org_id uuid not null')
  if (!table.primaryKey || !startsWithOrganization(table.primaryKey.columns))
    faults.push('has no primary key that starts with org_id')
  for (const key of table.uniqueKeys) {
    if (!startsWithOrganization(key.columns)) faults.push(`${key.name} is unique across organizations`)
  }
  for (const key of table.foreignKeys) {
    const carries = startsWithOrganization(key.columns) && startsWithOrganization(key.toColumns)
    if (!carries) faults.push(`${key.name} could point into another organization`)
    if (referenceTables.includes(key.to)) faults.push(`${key.name} points at a table of all organizations`)
  }
  return faults.map((fault) => `${table.name}: ${fault}`)
}

describe('the tables', () => {
  let tables: TableShape[]

  before(async () => {
    tables = await readCatalogue((await testDatabase()).db)
  })

  it('SEC-TEN-6 of tenants are keyed, unique and linked by organization, so that each could be distributed', () => {
    const faults = tables.filter((table) => !referenceTables.includes(table.name)).flatMap(faultsOf)
    assert.deepEqual(faults, [])
  })

  it('SEC-TEN-6 of no tenant are exactly those listed, and the check would stop each of them', () => {
    for (const name of referenceTables) {
      const table = tables.find((candidate) => candidate.name === name)
      assert.ok(table, `${name} does not exist`)
      assert.notDeepEqual(faultsOf(table), [], name)
    }
  })

  it('have every constraint named by what it guards, so that its violation can be explained', () => {
    const foreign = tables
      .filter((table) => !table.name.startsWith('schema_migrations'))
      .flatMap((table) =>
        table.constraints
          .map((constraint) => constraint.split(' ')[0] ?? '')
          .filter((name) => !name.startsWith(`${table.name}_`) && !name.startsWith(`${table.name.replace(/s$/, '')}_`))
          .map((name) => `${table.name}: ${name}`),
      )
    assert.deepEqual(foreign, [])
  })

  it('are as printed in golden/tables.txt', () => {
    assertGolden('tables.txt', printCatalogue(tables))
  })
})
