import type { Case } from './cases.js'
import { type Finding, findingOf } from './judge.js'
import { measure } from './measure.js'
import { profileCall } from './profile.js'
import { lines } from './report.js'
import { measureScale } from './scale.js'
import { measureSideBySide } from './side-by-side.js'
import type { Sizes } from './sizes.js'

/** The whole bench, in order. A case that misses what was wanted is run once more under the profiler. */

export type Bench = {
  readonly server: string
  readonly sizes: Sizes
  readonly run: (one: Case) => Promise<void>
  readonly note: (finding: Finding) => void
}

export async function runBench(options: {
  readonly server: string
  readonly sizes: Sizes
  /** Beside others at a thousand users (`side`), or at a million (`scale`). */
  readonly part: string
  /** Only cases whose title contains this. */
  readonly only: string
  readonly say: (line: string) => void
}): Promise<Finding[]> {
  const { server, sizes, part, only, say } = options
  const findings: Finding[] = []
  const note = (finding: Finding) => {
    findings.push(finding)
    for (const line of lines(finding)) say(line)
  }
  const run = async (one: Case) => {
    if (!one.title.includes(only)) return
    const finding = findingOf(one, await measure(one.contenders, sizes.rounds))
    const missed = finding.verdicts.some(({ passed }) => !passed)
    const profile = missed && one.profiled && sizes.profileMs > 0 ? await profileCall(one.profiled, sizes.profileMs) : undefined
    note({ ...finding, profile })
  }
  if (part !== 'scale') await measureSideBySide({ server, sizes, run, note })
  if (part !== 'side') await measureScale({ server, sizes, run, note })
  return findings
}
