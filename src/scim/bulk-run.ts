import { publicError } from '../http/door.js'
import type { Authority, Change, Journal } from '../journal/index.js'
import { AppError, notFound } from '../platform/errors.js'
import type { JsonObject } from '../platform/json.js'
import type { Logger } from '../platform/log.js'
import type { LinkedOperation } from './bulk-link.js'
import type { Step } from './bulk-plan.js'
import type { ScimCaller } from './caller.js'
import { patchOp } from './patch-body.js'
import type { Write } from './resource-operations.js'

/** Carries out one set of linked bulk operations in one change: all of them stand, or none does and each says why. */

export type Outcome = { readonly status: number; readonly version?: string } | AppError

export type BulkRun = {
  readonly journal: Journal
  readonly log: Logger
  readonly caller: ScimCaller
  readonly requestId: string
}

type Ready = {
  readonly index: number
  readonly by: Authority
  readonly run: (c: Change) => Promise<Outcome>
  readonly finish?: ((c: Change) => Promise<Outcome>) | undefined
}

const shown = { attributes: ['meta'] }

/** The outcome of each operation of the set, by index. Never throws: an outcome says what went wrong. */
export async function runSet(
  run: BulkRun,
  steps: readonly Step[],
  operations: readonly LinkedOperation[],
): Promise<Map<number, Outcome>> {
  const ready = steps.map((step) => prepare(run, step, operations))
  const faults = new Map(ready.flatMap((one) => ('error' in one ? [[one.index, one.error] as const] : [])))
  if (faults.size > 0) return spread(steps, faults)
  const set = ready.flatMap((one) => ('error' in one ? [] : [one]))
  const [first] = set
  if (!first) return new Map()
  let current: number | undefined
  try {
    return await run.journal.change(first.by, async (c) => {
      const outcomes = new Map<number, Outcome>()
      for (const { index, run: begin } of set) {
        current = index
        outcomes.set(index, await begin(c))
      }
      for (const { index, finish } of set) {
        current = index
        if (finish) outcomes.set(index, await finish(c))
      }
      current = undefined
      return outcomes
    })
  } catch (thrown) {
    const error = told(run, thrown)
    const passes = error.kind === 'unavailable' || error.kind === 'internal'
    const culprits = current === undefined || passes ? steps.map(({ index }) => index) : [current]
    return spread(steps, new Map(culprits.map((index) => [index, error])))
  }
}

function prepare(run: BulkRun, step: Step, operations: readonly LinkedOperation[]): Ready | { index: number; error: AppError } {
  const { index } = step
  const operation = operations[index]
  if (!operation?.kind || operation.fault)
    return { index, error: operation?.fault ?? notFound('no_such_endpoint', 'It names nothing.') }
  const { caller } = run
  const { kind, method, data, id, version: ifMatch } = operation
  const ready = (by: Authority, status: number, write: Write): Ready => ({
    index,
    by,
    run: async (c) => outcomeOf(status, await write.run(c, shown)),
    finish: write.finish && (async (c) => outcomeOf(status, (await write.finish?.(c, shown)) ?? {})),
  })
  try {
    const by = caller.authority(`scim.${kind.family}.write`, run.requestId)
    if (method === 'POST') {
      const waitsFor = new Set(step.before.flatMap((need) => operations[need]?.id ?? []))
      return ready(by, 201, kind.create(caller, data, { id, waitsFor }))
    }
    if (method === 'PUT') return ready(by, 200, kind.replace(caller, { id, ifMatch }, data))
    if (method === 'PATCH') {
      // The example of RFC 7644 §3.7.3 has the bare list of operations here.
      const body = Array.isArray(data) ? { schemas: [patchOp], Operations: data } : data
      return ready(by, kind.patchReply(caller) === 'noContent' ? 204 : 200, kind.patch(caller, { id, ifMatch }, body))
    }
    return { index, by, run: (c) => kind.remove(c, caller, { id, ifMatch }).then(() => ({ status: 204 })) }
  } catch (thrown) {
    return { index, error: told(run, thrown) }
  }
}

function outcomeOf(status: number, resource: JsonObject): Outcome {
  const meta = resource.meta as { version: string } | undefined
  return meta ? { status, version: meta.version } : { status }
}

/** What failed says why; the others say that they were undone, or never begun, for its sake. */
function spread(steps: readonly Step[], faults: ReadonlyMap<number, AppError>): Map<number, Outcome> {
  const [culprit] = faults.keys()
  // 409 is what RFC 7644 §3.7.1 has for references that could not be resolved; it must not look like a duplicate (uniqueness).
  const undone = new AppError(
    'conflict',
    'scim_invalid_value',
    `Not applied: bulkId references link this operation to Operations[${culprit}], which failed, and linked operations stand or fall together. Correct that one and send them again.`,
  )
  return new Map(steps.map(({ index }) => [index, faults.get(index) ?? undone]))
}

function told(run: BulkRun, thrown: unknown): AppError {
  const error = publicError(thrown, run.requestId)
  if (error.cause !== undefined)
    run.log[error.kind === 'internal' ? 'error' : 'warn']({ requestId: run.requestId, err: error.cause }, error.code)
  return error
}
