import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/platform/config.js'
import { LockHeldError } from '../../src/platform/db/lock.js'
import { openDatabase } from '../../src/platform/db/open.js'

describe('the embedded database', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'))
  })

  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const open = () => openDatabase(loadConfig({ DATA_DIR: join(directory, 'data') }))

  it('keeps what was written, for one opener at a time, where its owner alone can read it', async () => {
    const first = await open()
    await first.db.raw('create table kept (id int)')
    await first.db('kept').insert({ id: 7 })
    await assert.rejects(open(), LockHeldError)
    assert.equal(statSync(join(directory, 'data')).mode & 0o777, 0o700)
    assert.deepEqual([first.kind, first.pool().used + first.pool().free], ['embedded', 1])
    await first.close()
    const second = await open()
    assert.deepEqual(await second.db('kept').select('id'), [{ id: 7 }])
    await second.close()
  })

  it('starts afresh where an earlier start was killed while it unpacked', async () => {
    mkdirSync(join(directory, 'data', 'pgdata.new'), { recursive: true })
    writeFileSync(join(directory, 'data', 'pgdata.new', 'PG_VERSION'), 'half')
    const database = await open()
    assert.equal((await database.db.raw('select 1 as one')).rows[0].one, 1)
    await database.close()
    assert.deepEqual(readdirSync(join(directory, 'data')), ['pgdata'])
  })

  it('that cannot be opened holds no lock', async () => {
    mkdirSync(join(directory, 'data'))
    writeFileSync(join(directory, 'data', 'pgdata'), 'a file where a directory should be')
    await assert.rejects(open())
    assert.deepEqual(
      readdirSync(join(directory, 'data')).filter((name) => name.endsWith('.lock')),
      [],
    )
  })
})
