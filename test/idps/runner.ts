import type { Json, JsonObject } from '../../src/platform/json.js'
import { isObject, mismatches, valueAt } from './match.js'
import type { Exchange, Transcript } from './transcript.js'

/** Plays a transcript: fills in variables, has each request sent, and says where an answer differs from what is expected. */

export type Sent = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | null>>
  /** Text as it goes over the wire. */
  readonly body?: string
}

export type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }

export type Send = (request: Sent) => Promise<Answer>

/** `problems` is empty where the step went as expected. */
export type StepResult = { readonly name: string; readonly problems: readonly string[] }

export type Played = {
  readonly results: readonly StepResult[]
  /** Paths, below the SCIM base, of what was created and not deleted again, newest first. */
  readonly left: readonly string[]
}

type Variables = Map<string, Json>

type Played1 = { readonly answer?: Answer; readonly result: StepResult }

/**
 * Plays all steps, also after one that failed, so that one run tells everything. `variables` are there from the start; `unique`, a text
 * that no other run uses, must be among them.
 */
export async function play(transcript: Transcript, send: Send, variables: Readonly<Record<string, Json>>): Promise<Played> {
  const known: Variables = new Map(Object.entries(variables))
  const results: StepResult[] = []
  const left: string[] = []
  for (const step of transcript.steps) {
    const exchanges = 'together' in step ? step.together : [step]
    for (const [exchange, { answer, result }] of await Promise.all(exchanges.map((one) => exchangeOnce(one, send, known)))) {
      results.push(result)
      if (answer) noteResources(left, exchange, answer)
    }
  }
  return { results, left }
}
