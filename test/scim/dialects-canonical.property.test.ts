import assert from 'node:assert/strict'
import fc from 'fast-check'
import { AppError } from '../../src/platform/errors.js'
import type { JsonObject } from '../../src/platform/json.js'
import { canonicalPatch } from '../../src/scim/dialects/canonical.js'
import { canonicalOperations } from '../../src/scim/dialects/canonical-operations.js'
import { profiles } from '../../src/scim/dialects/profiles.js'
import { applyPatch, type MemberDelta } from '../../src/scim/patch.js'
import { groupType } from '../../src/scim/resource-types.js'
import { exchangesOf, readTranscripts } from '../idps/transcript.js'
import { type } from '../support/kinds.js'
import { intent, person, style, written } from '../support/patch-arbitraries.js'
import { documentOf } from '../support/patch-model.js'
import { message } from '../support/patching.js'

/** Who reads the canonical operations instead of what was sent must see the same change, without knowing the client. */

const byTheLetter = (missingTarget: 'noTarget' | 'create') => ({
  ...profiles.rfc,
  missingTarget,
  emptyOperations: 'accept' as const,
})

describe('canonical operations', () => {
  it('do under the letter of the RFC what was sent does under its dialect', () => {
    const missing = fc.constantFrom('noTarget' as const, 'create' as const)
    fc.assert(
      fc.property(person, fc.array(fc.tuple(intent, style), { maxLength: 8 }), missing, (before, list, missingTarget) => {
        const document = documentOf(before)
        const body = message(list.map(([one, how]) => written(one, how)))
        const plan = canonicalPatch(type, body, { ...profiles['entra-legacy'], missingTarget })
        const again = canonicalPatch(type, message(json(canonicalOperations(type, plan))), byTheLetter(missingTarget))
        assert.deepEqual(
          outcome(() => applyPatch(type, document, again)),
          outcome(() => applyPatch(type, document, plan)),
        )
      }),
      { numRuns: 1000 },
    )
  })

  for (const { name, profile, ...transcript } of readTranscripts()) {
    const patches = exchangesOf({ profile, ...transcript }).filter(({ request }) => request.method === 'PATCH')
    if (patches.length === 0) continue
    it(`of ${name} are canonical already, and mean the same`, () => {
      const switches = Object.entries(profiles).find(([key]) => key === profile)?.[1] ?? assert.fail(profile)
      for (const { request } of patches) {
        const isGroup = request.path.startsWith('/Groups')
        const resource = isGroup ? groupType : type
        const before: JsonObject = isGroup ? { displayName: 'g' } : { userName: 'u', active: true }
        const sent = outcome(() => applyPatch(resource, before, canonicalPatch(resource, request.body ?? null, switches)))
        if ('refused' in sent) continue
        const operations = canonicalOperations(resource, canonicalPatch(resource, request.body ?? null, switches))
        const strict = byTheLetter(switches.missingTarget)
        const plan = canonicalPatch(resource, message(json(operations)), strict)
        assert.deepEqual(json(canonicalOperations(resource, plan)), json(operations))
        assert.deepEqual(withoutPassword(outcome(() => applyPatch(resource, before, plan))), withoutPassword(sent))
      }
    })
  }
})

type Outcome = { readonly document: JsonObject; readonly members: readonly MemberDelta[] } | { readonly refused: string }

function outcome(run: () => { document: JsonObject; members: readonly MemberDelta[] }): Outcome {
  try {
    const { document, members } = run()
    return { document, members }
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code }
    throw error
  }
}

/** As it is after a way over the wire. */
function json(value: unknown): JsonObject[] {
  return JSON.parse(JSON.stringify(value)) as JsonObject[]
}

function withoutPassword(found: Outcome): Outcome {
  if ('refused' in found) return found
  const { password, ...document } = found.document
  return { ...found, document }
}
