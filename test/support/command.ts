import { runCommand } from '../../src/cli/program.js'
import { loadConfig } from '../../src/platform/config.js'

/** Runs a command line in this process, with settings of its own. */
export async function command(env: Record<string, string>, ...args: string[]) {
  let out = ''
  let err = ''
  const code = await runCommand(args, {
    config: () => loadConfig(env),
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return {
    code,
    out,
    err,
    /** The one line of JSON that was printed. */
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
    json: (): any => JSON.parse(out),
  }
}
