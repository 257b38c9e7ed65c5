import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Profiled } from './cases.js'
import { startGatehouse } from './child.js'
import { openLoad } from './http-load.js'

/** Where Gatehouse's own time goes in a call: the functions that took most of it, from Node's CPU profiler. */

type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { functionName: string; url: string; lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const root = fileURLToPath(new URL('../', import.meta.url))
const notWork = new Set(['(idle)', '(program)'])

/** The functions with most time of their own, as shares of all the time in which the process did something. */
export function topFunctions(profile: CpuProfile, most: number): { name: string; share: number }[] {
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.startsWith('file://') ? relative(root, fileURLToPath(url)) : url
      return [id, `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`]
    }),
  )
  const own = new Map<string, number>()
  let total = 0
  profile.samples.forEach((id, index) => {
    const name = names.get(id) ?? ''
    if (notWork.has(name)) return
    const time = profile.timeDeltas[index] ?? 0
    total += time
    own.set(name, (own.get(name) ?? 0) + time)
  })
  return [...own]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, time]) => ({ name, share: time / total }))
}

export async function profileCall({ databaseUrl, token, next }: Profiled, ms: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const child = await startGatehouse(databaseUrl, { profileTo: directory })
    const load = openLoad(child.url, { token, connections: 8 })
    await load.run({ ms, most: Number.POSITIVE_INFINITY }, next)
    await child.stop()
    const [file = ''] = readdirSync(directory)
    const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile
    const rows = topFunctions(profile, 15).map(({ name, share }) => `| ${name} | ${(share * 100).toFixed(1)} % |`)
    return ['| function | own share of CPU time |', '|---|---|', ...rows].join('\n')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
