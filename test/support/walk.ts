import assert from 'node:assert/strict'
import type { ScimAnswer } from './scim-client.js'
import type { Resource } from './tenant.js'

/** A client that reads a list to its end by cursor (RFC 9865). */

export type Walk = {
  readonly resources: readonly Resource[]
  readonly pages: readonly ScimAnswer[]
}

/** Asks for page after page; `ask` sends the query with the cursor it is given, empty at first. */
export async function walkToEnd(ask: (cursor: string) => Promise<ScimAnswer>): Promise<Walk> {
  const pages: ScimAnswer[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const answer: ScimAnswer = await ask(cursor)
    assert.equal(answer.status, 200, answer.text)
    pages.push(answer)
    cursor = answer.body.nextCursor
  }
  return { pages, resources: pages.flatMap(({ body }) => body.Resources) }
}
