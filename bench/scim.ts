import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { machineOf } from './machine.js'
import { render } from './report.js'
import { runBench } from './run.js'
import { fullSizes, quickSizes } from './sizes.js'

/**
 * `npm run bench:scim`: prints what was found and writes it to bench/results.md. `--quick` runs every part at sizes that mean nothing,
 * `--part side` or `--part scale` half of it, `--only TEXT` the cases whose title has that text; none of these writes.
 */

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    part: { type: 'string', default: 'both' },
    only: { type: 'string', default: '' },
  },
})

const server = process.env.BENCH_DATABASE_URL || 'postgres://postgres@127.0.0.1/postgres'
const sizes = options.quick ? quickSizes : fullSizes
const findings = await runBench({ server, sizes, part: options.part, only: options.only, say: (line) => console.log(line) })

const missed = findings.flatMap(({ verdicts }) => verdicts).filter(({ passed }) => !passed).length
console.log(missed === 0 ? 'everything that was wanted holds' : `${missed} of what was wanted missed`)
if (!options.quick && !options.only && options.part === 'both') {
  const { rounds, ms } = sizes.rounds
  const page = render(findings, { machine: await machineOf(server), rounds: `${rounds} of ${ms} ms for each contender` })
  writeFileSync(new URL('results.md', import.meta.url), page)
}
