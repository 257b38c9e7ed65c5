import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { announceHolder, LockHeldError, lockHolder, takeLock } from '../../src/platform/db/lock.js'

/** The lock of the embedded database. Two processes on one directory would lose data, so this is tested with real processes. */

const taker = `
  import { takeLock } from '${new URL('../../src/platform/db/lock.ts', import.meta.url).href}'
  process.stdin.once('data', () => {
    try { takeLock(process.env.LOCK_FILE); console.log('won') } catch (error) { console.log(error.name + ': ' + error.message) }
  })
  process.stdin.once('end', () => process.exit())
  console.log('ready')
`

function startTaker(file: string) {
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', taker], {
    env: { ...process.env, LOCK_FILE: file },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let wake = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter(Boolean))
    wake()
  })
  const nextLine = async (): Promise<string> => {
    while (lines.length === 0) {
      await new Promise<void>((done) => {
        wake = done
      })
    }
    return lines.shift() ?? ''
  }
  const ended = new Promise<void>((done) =>
    child.once('close', () => {
      lines.push('ended')
      wake()
      done()
    }),
  )
  return { child, nextLine, go: () => child.stdin.write('go\n'), ended }
}

describe('the lock of the embedded database', () => {
  let directory: string
  let file: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatehouse-lock-'))
    file = join(directory, 'gatehouse.lock')
  })

  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('names the process that holds it and says what else can be done', () => {
    const lock = takeLock(file)
    assert.throws(
      () => takeLock(file),
      (error) =>
        error instanceof LockHeldError &&
        error.message.includes(`Process ${process.pid} is using ${directory}`) &&
        /DATABASE_URL/.test(error.message),
    )
    lock.release()
    assert.equal(lockHolder(file), undefined)
    takeLock(file).release()
    assert.deepEqual(readdirSync(directory), [])
  })

  const stale: readonly (readonly [what: string, text: string])[] = [
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: '1' })],
    ['another process that has the same id now', JSON.stringify({ pid: process.pid, started: '1' })],
    ['nobody: it is broken', '{"pid":'],
    ['nobody: it is empty', ''],
  ]
  for (const [what, text] of stale) {
    it(`is taken over when it was left by ${what}`, function () {
      if (text.includes('"1"') && text.includes(`${process.pid}`) && !existsSync('/proc/self/stat')) this.skip() // start times come from /proc
      writeFileSync(file, text)
      assert.equal(lockHolder(file), undefined)
      takeLock(file)
      assert.equal(lockHolder(file)?.pid, process.pid)
    })
  }

  it('tells where its holder listens, to its owner alone', () => {
    const lock = takeLock(file)
    announceHolder(file, { url: 'http://127.0.0.1:1', operatorToken: 'gho_x' })
    assert.equal(lockHolder(file)?.operatorToken, 'gho_x')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.throws(() => takeLock(file), LockHeldError)
    assert.deepEqual(readdirSync(directory), ['gatehouse.lock'])
    lock.release()
  })

  it('is held against another process, and free for the next one after a kill -9', async () => {
    const first = startTaker(file)
    const second = startTaker(file)
    assert.deepEqual([await first.nextLine(), await second.nextLine()], ['ready', 'ready'])
    first.go()
    assert.equal(await first.nextLine(), 'won')
    second.go()
    assert.match(await second.nextLine(), new RegExp(`Process ${first.child.pid} is using`))
    first.child.kill('SIGKILL')
    await first.ended
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).pid, first.child.pid)
    takeLock(file)
    second.child.stdin.end()
    await second.ended
  })

  it('goes to exactly one of several processes that find it stale at the same time', async () => {
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }))
    const takers = Array.from({ length: 4 }, () => startTaker(file))
    for (const each of takers) assert.equal(await each.nextLine(), 'ready')
    for (const each of takers) each.go()
    const results = await Promise.all(takers.map((each) => each.nextLine()))
    assert.equal(results.filter((line) => line === 'won').length, 1, results.join('\n'))
    for (const each of takers) each.child.stdin.end()
    await Promise.all(takers.map((each) => each.ended))
  })
})
