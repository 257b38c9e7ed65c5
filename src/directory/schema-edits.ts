import type { OnLoss } from '../contract/schema.js'
import type { Change } from '../journal/index.js'
import { conflict } from '../platform/errors.js'
import { bearerStore } from './bearer-store.js'
import { type Difference, differencesOf, type SchemaEdit } from './schema-differences.js'
import { dropMisfits } from './schema-loss.js'
import { rebuildUniqueValues } from './unique-rebuild.js'

/**
 * Changes of schemas that resources have data under. What would no longer fit is counted first; it goes only where the operator said
 * so, and then in the same change as the schema, so that no document is ever read by a definition that it does not fit.
 */

/** A difference with the number of resources whose data does not fit. */
export type Judged = Difference & { readonly resources: number }

/** Makes way for the edits; the caller then writes the definitions. @throws AppError conflict `data_would_not_fit`, one fault a difference */
export async function makeWay(
  c: Change,
  edits: readonly SchemaEdit[],
  more: readonly Difference[],
  onLoss: OnLoss,
): Promise<Judged[]> {
  const store = bearerStore(c.trx, c.orgId)
  const judged: Judged[] = []
  for (const difference of [...more, ...edits.flatMap(differencesOf)]) {
    const { misfit, bearers } = difference
    judged.push({ ...difference, resources: misfit ? await store.countMisfits(bearers, misfit) : 0 })
  }
  if (onLoss === 'refuse' && judged.some(({ resources }) => resources > 0)) throw wouldNotFit(judged)
  await dropMisfits(c, judged, edits)
  for (const edit of edits) await rebuildUniqueValues(c, edit)
  return judged
}

function wouldNotFit(judged: readonly Judged[]): Error {
  const detail =
    'Nothing was changed: resources hold data that the new definition has no room for. Look at what would break, and send the same definition again with the loss accepted if you mean it.'
  const faults = judged.map((one) => ({ pointer: one.attribute, detail: toldOf(one) }))
  return conflict('data_would_not_fit', detail, { faults })
}

/** One difference in words. */
function toldOf({ change, resources, effect }: Judged): string {
  if (resources === 0) return change
  const those = resources === 1 ? '1 resource holds data that does not' : `${resources} resources hold data that does not`
  return `${change}; ${those} fit and would ${effect === 'dropped' ? 'lose it' : 'keep it as it is until it is next written'}`
}
