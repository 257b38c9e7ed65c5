import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json, JsonObject } from '../../src/platform/json.js'

/** Recorded traffic of identity providers as data; README.md says what each field means. */

export type RecordedRequest = {
  readonly method: string
  /** Below the SCIM base, with the query as it was sent; blanks and quotes may stand unencoded. */
  readonly path: string
  /** Beside authorization and content type, which the replay adds; null keeps one of these from being sent. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: Json
}

export type Exchange = {
  readonly name: string
  readonly request: RecordedRequest
  readonly expect: {
    readonly status: number | readonly number[]
    readonly headers?: JsonObject
    /** Matched in part; see match.ts. */
    readonly body?: Json
  }
  /** Variables for later steps, each with a JSON pointer into the answer's body. */
  readonly remember?: Readonly<Record<string, string>>
}

/** One exchange after the other, but those `together` at the same time. */
export type Step = Exchange | { readonly name: string; readonly together: readonly Exchange[] }

export type Transcript = {
  readonly description: string
  /** Where the habit is documented or was seen. */
  readonly source: readonly string[]
  readonly profile: string
  readonly steps: readonly Step[]
}

export type NamedTranscript = Transcript & { readonly name: string }

const here = fileURLToPath(new URL('.', import.meta.url))

/** All transcripts, by profile and name. */
export function readTranscripts(): NamedTranscript[] {
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.flatMap(({ name: folder }) =>
    readdirSync(join(here, folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const transcript = JSON.parse(readFileSync(join(here, folder, file), 'utf8')) as Transcript
        return { ...transcript, name: `${folder}/${basename(file, '.json')}` }
      }),
  )
}

/** The requests of a transcript in their order. */
export function exchangesOf(transcript: Transcript): Exchange[] {
  return transcript.steps.flatMap((step) => ('together' in step ? step.together : [step]))
}
