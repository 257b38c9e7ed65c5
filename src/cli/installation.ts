import { authorizeOperator } from '../access/index.js'
import type { Core } from '../app.js'
import { installationId } from '../credentials/index.js'
import type { Change } from '../journal/index.js'

/** Runs a change of the installation itself, on behalf of whoever sits at the machine or of the server as it starts. */
export function changeInstallation<T>(core: Core, door: 'cli' | 'system', run: (c: Change) => Promise<T>): Promise<T> {
  const actor = { type: 'system', id: door } as const
  return core.journal.change(authorizeOperator({ actor, door }, installationId), run)
}
