import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Suite, Test } from 'mocha'

/** What can be said of a run once it is over. */

const folder = fileURLToPath(new URL('..', import.meta.url))

function suitesOf(suite: Suite): Suite[] {
  return [suite, ...suite.suites.flatMap(suitesOf)]
}

/**
 * Whether this was the whole suite and all of it passed: every test file was loaded and every test ran. Only then does a thing that no
 * test did say something about the tests.
 */
export function wasWholeAndGreen(root: Suite): boolean {
  const suites = suitesOf(root)
  const loaded = new Set(suites.map(({ file }) => file))
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
  const passed = (test: Test) => test.isPending() || test.state === 'passed'
  return all.every((name) => loaded.has(join(folder, name))) && suites.every(({ tests }) => tests.every(passed))
}
