import assert from 'node:assert/strict'
import { levelRules } from './support/house-levels.js'
import { wordingRules } from './support/house-words.js'
import { codeOf, readTree, sourceFile } from './support/source-tree.js'

/** The rules of the house, over the source as text. `npm run check` runs this file alone: it opens nothing and takes a second. */

describe('the house', () => {
  const tree = readTree('src', 'migrations', 'seeds')

  for (const rule of [...levelRules, ...wordingRules]) {
    it(rule.says, () => assert.deepEqual(rule.check(tree), []))
  }
})

describe('the rules of the house', () => {
  for (const rule of [...levelRules, ...wordingRules]) {
    it(`notice a breach: ${rule.says}`, () => {
      const broken = Object.entries(rule.breach).map(([path, text]) => sourceFile(path, text))
      const found = rule.check(broken)
      assert.equal(found.length, 1, `found ${JSON.stringify(found)}`)
    })
  }

  it('look at every file of the tree', () => {
    assert.ok(readTree('src').length >= 40)
  })

  it('see code and never what is said in comments, texts and patterns', () => {
    const text = [
      '// Date.now()',
      "const a = 'Date.now()' /* Date.now() */",
      `const b = "it's \\" Date.now()"`,
      'const c = /[\'"`/]Date.now()/.test(a)',
      'const d = `Date.now() $' + '{e / f / g} Date.now() $' + '{`$' + "{'}'}Date.now()`}`",
    ].join('\n')
    assert.doesNotMatch(codeOf(text), /Date/)
    assert.equal(codeOf(text).length, text.length)
    assert.match(codeOf('`at $' + '{Date.now()}`'), /Date\.now\(\)/)
    assert.match(codeOf("const half = a / 2 // it's\nDate.now() / 2"), /Date\.now\(\)/)
  })

  it('see every way to import', () => {
    const file = sourceFile(
      'src/scim/a.ts',
      `import type { A } from './a1.js'
       import { type B, type C as D } from "./a2.js"
       import knexPackage, { type Knex } from 'knex'
       import * as all from '../platform/a3.js'
       import './a4.js'
       export { type E, f } from './a5.js'
       export * from './a6.js'
       export type { G } from './a7.js'
       const lazy = await import('./a8.js')`,
    )
    assert.deepEqual(
      file.imports.map((use) => `${use.typesOnly ? 'type ' : ''}${use.names.join(',')} ${use.target ?? use.from}`),
      [
        'type A src/scim/a1.ts',
        'type B,C src/scim/a2.ts',
        'knexPackage,Knex knex',
        'all src/platform/a3.ts',
        ' src/scim/a4.ts',
        'E,f src/scim/a5.ts',
        ' src/scim/a6.ts',
        'type G src/scim/a7.ts',
        ' src/scim/a8.ts',
      ],
    )
  })
})
