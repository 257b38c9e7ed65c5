import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Servers under load, each in a process of its own. The first line a server prints is JSON that says where it listens. */

export type Child = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> }

const root = fileURLToPath(new URL('../', import.meta.url))
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

async function start(args: readonly string[], settings: Record<string, string>): Promise<Child> {
  const { PATH, HOME, TMPDIR } = process.env
  const env = { PATH, HOME, ...(TMPDIR && { TMPDIR }), NODE_ENV: 'production', PORT: '0', ...settings }
  // Logs are written, as in production, and kept nowhere.
  const logs = openSync(devNull, 'w')
  const child = spawn(process.execPath, [...args], { cwd: root, env, stdio: ['ignore', 'pipe', logs] })
  closeSync(logs)
  running.add(child)
  const ended = once(child, 'exit')
  void ended.then(() => running.delete(child))
  if (!child.stdout) throw new Error('a server without standard output')
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([
    once(lines, 'line'),
    ended.then(([code]) => Promise.reject(new Error(`${args.join(' ')} ended with ${code} before it listened`))),
  ])
  const { url } = JSON.parse(String(line)) as { url: string }
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Gatehouse as it is built; `profileTo` is a directory for a CPU profile, written when it stops. */
export function startGatehouse(databaseUrl: string, options: { profileTo?: string } = {}): Promise<Child> {
  const profiling = options.profileTo ? ['--cpu-prof', `--cpu-prof-dir=${options.profileTo}`] : []
  return start([...profiling, 'dist/src/main.js', '--json'], {
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'info',
    // One connection sends as much as it can here, which no provider may.
    SCIM_REQUESTS_PER_SECOND: '100000',
  })
}

/** A server of this folder: its file's name, and its settings. */
export function startBenchServer(name: string, settings: Record<string, string>): Promise<Child> {
  return start(['--import=tsx', `bench/${name}.ts`], settings)
}
