import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Golden texts: what a reviewer reads first. `UPDATE_GOLDEN=1 npm test` rewrites them; then say in the commit why they changed. */

const folder = new URL('../golden/', import.meta.url)

/** Compares a text with test/golden/`name`, or rewrites that file where UPDATE_GOLDEN is set. */
export function assertGolden(name: string, text: string): void {
  const file = new URL(name, folder)
  const current = `${text.trimEnd()}\n`
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, current)
    return
  }
  assert.equal(current, readFileSync(file, 'utf8'), `test/golden/${name} is out of date: UPDATE_GOLDEN=1 npm test rewrites it`)
}
