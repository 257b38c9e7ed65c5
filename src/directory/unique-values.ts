import type { Change } from '../journal/index.js'
import { conflict } from '../platform/errors.js'
import { fold } from './fold.js'
import type { UniqueValue } from './model.js'
import { type UniqueKey, uniqueValueStore } from './unique-value-store.js'

/** How values are kept: folded unless their case counts, each once. */
export function uniqueKeys(values: readonly UniqueValue[]): UniqueKey[] {
  const keys = values.map(({ attribute, value, caseExact }) => ({ attribute, valueKey: caseExact ? value : fold(value) }))
  return [...new Map(keys.map((key) => [JSON.stringify([key.attribute, key.valueKey]), key])).values()]
}

/**
 * Makes `values` the unique values of a resource, giving up the ones it no longer has.
 * @throws AppError conflict `value_taken` that names the attribute
 */
export async function claimUniqueValues(c: Change, ownerId: string, values: readonly UniqueValue[]): Promise<void> {
  const store = uniqueValueStore(c.trx)
  const wanted = uniqueKeys(values)
  await store.keepOnly(c.orgId, ownerId, wanted)
  if (wanted.length === 0) return
  const taken = await store.claim(c.orgId, ownerId, wanted)
  if (taken) {
    throw conflict(
      'value_taken',
      `Another resource already has this value of ${taken}, which must be unique. Correct it, or update that resource.`,
      {
        pointer: taken,
      },
    )
  }
}

/** Frees what a deleted resource held. */
export async function releaseUniqueValues(c: Change, ownerId: string): Promise<void> {
  await uniqueValueStore(c.trx).keepOnly(c.orgId, ownerId, [])
}
