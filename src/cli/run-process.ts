import { loadConfig } from '../platform/config.js'
import { runCommand } from './program.js'

/** Runs a command line as this process: its environment, its streams, its exit code. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const exitCode = await runCommand(args, {
    config: () => loadConfig(),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  })
  process.exitCode = exitCode
}
