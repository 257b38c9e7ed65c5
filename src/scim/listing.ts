import { AppError } from '../platform/errors.js'
import type { Adapter, ListRequest, Question } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { readQuestion } from './compile-query.js'

/** Lists of one kind of resource each, and which of them a query can be asked of. */

/** The row type stays inside its adapter: lists come out as rendered resources. */
export type Listing = Pick<Adapter<never>, 'noun' | 'typeOf' | 'list' | 'walk'>

// An attribute that only some types have is unassigned in the others (RFC 7644 §3.4.2.1); one that no type has is a mistake.
const unknownHere = (error: unknown): error is AppError => error instanceof AppError && error.code === 'scim_invalid_filter'

/** Those of the listings whose type knows what the filter asks about. @throws the first refusal where none does */
export function answering(
  listings: readonly Listing[],
  caller: ScimCaller,
  asked: Pick<ListRequest, 'filter' | 'query'>,
): { listing: Listing; question: Question }[] {
  const refusals: AppError[] = []
  const found = listings.flatMap((listing) => {
    try {
      return [{ listing, question: readQuestion(listing.typeOf(caller), asked, caller.switches) }]
    } catch (error) {
      if (!unknownHere(error)) throw error
      refusals.push(error)
      return []
    }
  })
  if (refusals[0] && found.length === 0) throw refusals[0]
  return found
}
