import assert from 'node:assert/strict'
import { type ProfileName, profileNames } from '../../src/contract/connection.js'
import { newId } from '../../src/platform/ids.js'
import { play, type Send } from '../idps/runner.js'
import { httpSender } from '../idps/send.js'
import { type NamedTranscript, readTranscripts } from '../idps/transcript.js'
import { checkReply } from '../support/api-replies.js'
import { sharedTestApp } from '../support/app.js'

/** The recorded traffic of identity providers, each transcript on a fresh organization whose connection has the profile it names. */

const profileOf = ({ profile }: NamedTranscript): ProfileName => {
  const known = profileNames.find((name) => name === profile)
  assert.ok(known, `"${profile}" is a profile`)
  return known
}

/** Sends what was recorded, and holds the answer against the OpenAPI document. */
function checkedSender(baseUrl: string, token: string): Send {
  const send = httpSender(baseUrl, token)
  return async (request) => {
    const { status, headers, text } = await send(request)
    const target = new URL(baseUrl).pathname + request.path
    checkReply({ method: request.method, target, status, headers: new Headers(headers), text })
    return { status, headers, text }
  }
}

describe('what identity providers send', () => {
  const transcripts = readTranscripts()

  for (const profile of profileNames) {
    it(`has transcripts for the profile ${profile}`, () => {
      assert.ok(transcripts.some((transcript) => transcript.profile === profile))
    })
  }

  for (const transcript of transcripts) {
    it(`${transcript.name}: ${transcript.description}`, async () => {
      const app = await sharedTestApp()
      const { baseUrl, token } = await app.createOrganization({ profile: profileOf(transcript) })
      const { results } = await play(transcript, checkedSender(baseUrl, token), { unique: newId(), baseUrl, token })
      const failed = results.filter(({ problems }) => problems.length > 0)
      assert.deepEqual(
        failed.map(({ name, problems }) => [name, ...problems].join('\n  ')),
        [],
      )
      assert.ok(results.length > 0)
    })
  }
})
