import { CommanderError } from 'commander'
import { ConfigError } from '../platform/config.js'
import { LockHeldError } from '../platform/db/lock.js'
import { isTransient } from '../platform/db/pg-errors.js'
import { AppError } from '../platform/errors.js'

/** What went wrong, as one sentence with its remedy, and how the process ends: 1 for failures, 2 for a wrong call. */
export type Failure = { readonly text: string; readonly exitCode: number }

type SystemError = {
  readonly code?: unknown
  readonly address?: unknown
  readonly port?: unknown
  readonly path?: unknown
}

const refusals: ReadonlyMap<unknown, string> = new Map([
  ['28P01', 'The database refuses the user or the password. Check DATABASE_URL.'],
  ['28000', 'The database refuses the user. Check DATABASE_URL.'],
  ['3D000', 'The server has no database of that name. Create it, or check DATABASE_URL.'],
  ['ENOTFOUND', 'The host in DATABASE_URL is not known. Check its name.'],
])

function sentence(error: unknown): string {
  const { code, address, port, path } = (typeof error === 'object' && error !== null ? error : {}) as SystemError
  const where = `${address ?? ''}${address === undefined ? 'port ' : ':'}${port}`
  if (code === 'EADDRINUSE')
    return `${where} is in use by another program. Stop it, or set PORT to another one (PORT=0 takes a free one).`
  if (code === 'EACCES' && port !== undefined) return `This user may not listen on ${where}. Set PORT to 1024 or more.`
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${address}. Check HOST.`
  if ((code === 'EACCES' || code === 'EROFS') && path !== undefined)
    return `This user may not write ${path}. Check DATA_DIR and who owns it.`
  const refused = refusals.get(code)
  if (refused) return refused
  if (isTransient(error))
    return `The database cannot be reached (${code ?? (error as Error).message}). Check DATABASE_URL and that PostgreSQL runs there.`
  return error instanceof Error ? error.message : String(error)
}

/** What would break is told attribute by attribute, and waits for a second call that says so. */
function refusal({ code, detail, faults }: AppError): Failure {
  if (code !== 'data_would_not_fit') return { text: detail, exitCode: code === 'input_invalid' ? 2 : 1 }
  const told = faults.map(({ pointer, detail }) => `  ${pointer}: ${detail}`)
  return { text: [detail, ...told, 'Run it again with --accept-loss to change it all the same.'].join('\n'), exitCode: 2 }
}

export function explainFailure(error: unknown): Failure {
  if (error instanceof CommanderError) return { text: '', exitCode: error.exitCode === 0 ? 0 : 2 }
  if (error instanceof AppError) return refusal(error)
  if (error instanceof ConfigError || error instanceof LockHeldError) return { text: error.message, exitCode: 1 }
  return { text: sentence(error), exitCode: 1 }
}
