import { AppError } from '../platform/errors.js'
import type { NewId } from '../platform/ids.js'
import type { Json } from '../platform/json.js'
import type { Dependent } from './bulk-plan.js'
import { idsIn, resolveData, resolveText, unknownReference } from './bulk-references.js'
import type { BulkOperation } from './bulk-request.js'
import { type BulkTarget, bulkTarget } from './bulk-target.js'
import type { ResourceOperations } from './resource-operations.js'

/** Bulk operations with their references replaced. What a POST will create gets its id here, so that no order of creation matters. */

export type LinkedOperation = BulkOperation &
  Dependent & {
    readonly kind: ResourceOperations | undefined
    /** Of the resource that is changed or will be created. */
    readonly id: string
    readonly data: Json
  }

type Address = { readonly kinds: readonly ResourceOperations[]; readonly baseUrl: string }

export function linkOperations(operations: readonly BulkOperation[], address: Address, newId: NewId): LinkedOperation[] {
  const found = operations.map((operation) => ({ operation, target: bulkTarget(operation, address.kinds, address.baseUrl) }))
  const created = new Map<string, { index: number; id: string }>()
  for (const { method, bulkId, index } of operations) {
    if (method === 'POST' && bulkId !== undefined) created.set(bulkId, { index, id: newId() })
  }
  const changed = new Set(found.flatMap(({ target }) => (target instanceof AppError ? [] : (target.id ?? []))))
  return found.map(({ operation, target }) => link(operation, target, created, changed))
}

function link(
  operation: BulkOperation,
  target: BulkTarget | AppError,
  created: ReadonlyMap<string, { index: number; id: string }>,
  changed: ReadonlySet<string>,
): LinkedOperation {
  const needs = new Set<number>()
  const unknown: string[] = []
  const resolve = (bulkId: string): string => {
    const creation = created.get(bulkId)
    if (creation) needs.add(creation.index)
    else unknown.push(bulkId)
    return creation?.id ?? ''
  }
  const { method, bulkId, data } = operation
  const { kind, id: named } = target instanceof AppError ? { kind: undefined, id: undefined } : target
  const own = method === 'POST' ? created.get(bulkId ?? '')?.id : named && resolveText(named, resolve)
  const resolved = method === 'DELETE' ? null : resolveData(data, resolve)
  const wrong = target instanceof AppError ? target : unknown[0] === undefined ? undefined : unknownReference(unknown[0])
  return {
    ...operation,
    kind,
    id: own ?? '',
    data: resolved,
    needs,
    touches: new Set([named ?? '', ...idsIn(data)].filter((id) => changed.has(id))),
    fault: operation.fault ?? wrong,
  }
}
