import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { play } from './runner.js'
import { httpSender } from './send.js'
import { type NamedTranscript, readTranscripts } from './transcript.js'

/** `npm run idps -- --base-url … --token …`: replays the transcripts against any SCIM server and says which of them it stood. */

const usage = `Usage: npm run idps -- --base-url URL --token TOKEN [--profile NAME] [--only TEXT] [--keep]
  --base-url  SCIM base, such as https://example.com/scim/v2
  --token     bearer token, sent with every request
  --profile   only the transcripts of one profile: the name of a folder in test/idps/
  --only      only transcripts with this text in their name
  --keep      leave behind what the transcripts create`

const { values: options } = parseArgs({
  options: {
    'base-url': { type: 'string' },
    token: { type: 'string' },
    profile: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

type Outcome = { readonly steps: number; readonly failed: readonly string[] }

async function replay(transcript: NamedTranscript, baseUrl: string, token: string): Promise<Outcome> {
  const send = httpSender(baseUrl, token)
  const { results, left } = await play(transcript, send, { unique: randomBytes(5).toString('hex'), baseUrl, token })
  if (!options.keep) for (const path of left) await send({ method: 'DELETE', path, headers: {} })
  const failed = results.filter(({ problems }) => problems.length > 0)
  return { steps: results.length, failed: failed.map(({ name, problems }) => [name, ...problems].join('\n      ')) }
}

async function main(baseUrl: string, token: string): Promise<number> {
  const wanted = readTranscripts().filter(
    ({ name, profile }) => (!options.profile || profile === options.profile) && name.includes(options.only ?? ''),
  )
  if (wanted.length === 0) {
    console.error('No transcript has that profile and name.')
    return 2
  }
  let failures = 0
  for (const transcript of wanted) {
    const { steps, failed } = await replay(transcript, baseUrl, token)
    console.log(`${failed.length === 0 ? 'pass' : 'FAIL'}  ${transcript.name} (${steps - failed.length} of ${steps} steps)`)
    for (const line of failed) console.log(`    ${line}`)
    if (failed.length > 0) failures += 1
  }
  console.log(`\n${wanted.length - failures} passed, ${failures} failed`)
  return failures === 0 ? 0 : 1
}

if (options['base-url'] && options.token) {
  process.exitCode = await main(options['base-url'].replace(/\/$/, ''), options.token)
} else {
  console.error(usage)
  process.exitCode = 2
}
