import assert from 'node:assert/strict'
import { newId } from '../../src/platform/ids.js'
import { installationKeys } from '../../src/platform/installation-keys.js'
import { testDatabase } from '../support/database.js'

describe('an installation key', () => {
  it('is one and the same for all who come at once for the first time', async () => {
    const { db } = await testDatabase()
    const name = `test ${newId()}`
    const found = await Promise.all(Array.from({ length: 8 }, () => installationKeys(db)(name)))
    assert.equal(new Set(found.map((key) => key.toString('hex'))).size, 1)
    assert.equal(found[0]?.length, 32)
    assert.deepEqual(await installationKeys(db)(name), found[0])
  })

  it('is another one for another name', async () => {
    const keys = installationKeys((await testDatabase()).db)
    assert.notDeepEqual(await keys(`test ${newId()}`), await keys(`test ${newId()}`))
  })

  it('is read once in a process', async () => {
    const { db } = await testDatabase()
    const keys = installationKeys(db)
    const name = `test ${newId()}`
    const first = await keys(name)
    let sent = 0
    const listen = ({ bindings }: { bindings?: unknown[] }) => {
      if (bindings?.includes(name)) sent++
    }
    db.on('query', listen)
    try {
      assert.equal(await keys(name), first)
    } finally {
      db.removeListener('query', listen)
    }
    assert.equal(sent, 0)
  })

  it('is asked for again after the database failed', async () => {
    const { db } = await testDatabase()
    const keys = installationKeys(db)
    const name = `test ${newId()}`
    const acquire = db.client.acquireConnection
    db.client.acquireConnection = () => Promise.reject(new Error('no connection'))
    try {
      await assert.rejects(keys(name), /no connection/)
    } finally {
      db.client.acquireConnection = acquire
    }
    assert.equal((await keys(name)).length, 32)
  })
})
