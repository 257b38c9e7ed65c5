import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/platform/config.js'
import { LockHeldError } from '../../src/platform/db/lock.js'
import { openDatabase } from '../../src/platform/db/open.js'

const prepare = new URL('../../src/prepare-data.ts', import.meta.url)

describe('the embedded database', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'))
  })

  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const open = (module = prepare) => openDatabase(loadConfig({ DATA_DIR: join(directory, 'data') }), module)

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

  it('that could not be created says why, holds no lock and starts afresh the next time', async () => {
    const broken = join(directory, 'broken.mjs')
    writeFileSync(broken, 'throw new Error("no room left")')
    await assert.rejects(open(new URL(`file://${broken}`)), /could not be created.*no room left/s)
    assert.equal(existsSync(join(directory, 'data', 'gatehouse.lock')), false)
    assert.equal(existsSync(join(directory, 'data', 'pgdata')), false)
  })
})
