import assert from 'node:assert/strict'
import { operatorClient } from './operator-client.js'
import type { ScimAnswer } from './scim-client.js'
import { newTenant, type Resource, type Tenant } from './tenant.js'

/** A fresh tenant whose connection has a brake, with the operator who decides on it. */

export type Braked = Awaited<ReturnType<typeof newBraked>>

export async function newBraked() {
  const tenant: Tenant = await newTenant()
  const operator = operatorClient(tenant.app.url, await tenant.app.createOperatorToken())
  const place = `/organizations/${tenant.slug}/connections/${tenant.connectionId}`
  return {
    ...tenant,
    /** Creates this many users; gives their ids. */
    people: async (count: number): Promise<string[]> => {
      const made: Resource[] = []
      for (let i = 0; i < count; i++) made.push(await tenant.user(`user${i}`))
      return made.map(({ id }) => id)
    },
    disable: (id: string) => tenant.scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
    /** Lets the operator do something to the connection: pause, resume, release, reject. */
    decide: (verb: string, body?: object) => operator('POST', `${place}/${verb}`, body),
    setBrake: (parts: object) => operator('PATCH', place, { brake: parts }),
    connection: async () => (await operator('GET', `/organizations/${tenant.slug}/connections`)).body.items[0],
    activeUsers: async (): Promise<number> => (await tenant.scim.filter('/Users', 'active eq true')).body.totalResults,
    /** What was held, as the journal has it. */
    held: async () => (await tenant.rows('audit_events', { event: 'connection.braked' })).map((row) => row.changed.wipe.after),
  }
}

/** The answer says that nothing was done, why, and when to come again. */
export function assertHeld(answer: ScimAnswer | undefined, says: RegExp): void {
  assert.equal(answer?.status, 503, answer?.text)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/)
  assert.match(answer.body.detail, says)
}

export const bulkOf = (operations: readonly object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: JSON.parse(JSON.stringify(operations)),
})
