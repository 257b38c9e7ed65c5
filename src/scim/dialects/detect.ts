import type { ProfileName } from '../../contract/connection.js'
import { type Hint, type SeenRequest, traits } from './traits.js'

export type { SeenRequest } from './traits.js'

/** Which profile fits what a client sends, and why: a proposal for an administrator, which nothing acts upon by itself. */

export type Proposal = {
  readonly profile: ProfileName
  /** Sentences without a subject (the client is meant), each with the number of requests it is drawn from. */
  readonly reasons: readonly string[]
}

type Seen = { readonly hint: Hint; readonly reason: string }

/**
 * Proposes a profile from requests in any order, as many as there are. `generic` where nothing points to a client with habits of its
 * own, and where habits of several are mixed: it reads what any of them sends, as far as that can be read safely.
 */
export function detectProfile(requests: readonly SeenRequest[]): Proposal {
  const seen = traits.flatMap(({ hint, says, shows }): Seen[] => {
    const times = requests.filter(shows).length
    return times === 0 ? [] : [{ hint, reason: `${says} (${times} of ${requests.length} requests)` }]
  })
  const count = (...hints: Hint[]) => seen.filter(({ hint }) => hints.includes(hint)).length
  const reasons = (...hints: Hint[]) => seen.filter(({ hint }) => hints.includes(hint)).map(({ reason }) => reason)

  const entra = count('entra', 'entra-legacy')
  const okta = count('okta')
  if (entra > okta) {
    const profile = count('entra-legacy') > 0 ? 'entra-legacy' : 'entra'
    return { profile, reasons: reasons('entra', 'entra-legacy', 'also-entra') }
  }
  if (okta > entra) {
    const byPut = count('also-okta-aiw') > 0 && count('also-okta-oin') === 0
    return { profile: byPut ? 'okta-aiw' : 'okta-oin', reasons: reasons('okta', byPut ? 'also-okta-aiw' : 'also-okta-oin') }
  }
  if (okta > 0) {
    return { profile: 'generic', reasons: ['has habits of Okta and of Entra ID', ...reasons('okta', 'entra', 'entra-legacy')] }
  }
  const told = reasons('nobody')
  return { profile: 'generic', reasons: told.length > 0 ? told : ['has no habit that only one known client has'] }
}
