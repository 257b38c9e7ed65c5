import { type ChildProcess, spawn } from 'node:child_process'

/** A process of our own sources, and what it says. */

export type OwnProcess = {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Waits until standard output has a line for which `fits` holds; fails when the process ends before. */
  readonly line: (fits: (line: string) => boolean) => Promise<string>
  /** Exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>
}

/** @param args what comes after `node --import=tsx` */
export function startProcess(args: readonly string[], env: Record<string, string>): OwnProcess {
  const child = spawn(process.execPath, ['--import=tsx', ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  let over = false
  let wake = () => {}
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const ended = new Promise<number | null>((done) =>
    child.once('close', (code) => {
      over = true
      wake()
      done(code)
    }),
  )
  const line: OwnProcess['line'] = async (fits) => {
    for (;;) {
      const found = out.split('\n').slice(0, -1).find(fits)
      if (found !== undefined) return found
      if (over) throw new Error(`the process ended: ${err || out}`)
      await new Promise<void>((next) => {
        wake = next
      })
    }
  }
  return { child, out: () => out, err: () => err, line, ended }
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], env: Record<string, string>) {
  const started = startProcess(['src/cli/gatehouse.ts', ...args], env)
  const code = await started.ended
  return { code, out: started.out(), err: started.err() }
}
