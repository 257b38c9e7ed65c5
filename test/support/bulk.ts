import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { coreGroup, coreUser, type ScimAnswer, type ScimClient } from './scim-client.js'

/** Bulk requests as tests write them. */

export const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const bulkResponse = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export function sendBulk(scim: ScimClient, operations: Json[], rest: JsonObject = {}): Promise<ScimAnswer> {
  return scim.post('/Bulk', { schemas: [bulkRequest], ...rest, Operations: operations })
}

/** Sends a bulk request that is taken; gives the results of its operations. */
// biome-ignore lint/suspicious/noExplicitAny: tests read replies of every shape
export async function bulkResults(scim: ScimClient, operations: Json[], rest: JsonObject = {}): Promise<any[]> {
  const answer = await sendBulk(scim, operations, rest)
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(answer.body.schemas, [bulkResponse])
  return answer.body.Operations
}

export const statuses = (results: { status: string }[]): string[] => results.map((result) => result.status)

export const postUser = (bulkId: string, userName: string, rest: JsonObject = {}): JsonObject => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { schemas: [coreUser], userName, ...rest },
})

export const postGroup = (bulkId: string, displayName: string, members: string[] = [], rest: JsonObject = {}): JsonObject => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { schemas: [coreGroup], displayName, members: members.map((value) => ({ value })), ...rest },
})

export const patchOf = (path: string, operations: Json[], rest: JsonObject = {}): JsonObject => ({
  method: 'PATCH',
  path,
  data: { schemas: [patchOp], Operations: operations },
  ...rest,
})

export const addMember = (path: string, value: string): JsonObject =>
  patchOf(path, [{ op: 'add', path: 'members', value: [{ value }] }])

/** The last segment of a location. */
export const idOf = (result: { location: string }): string => result.location.split('/').at(-1) ?? ''

/** displayName of every group with the names of its members, users by userName. */
export async function membership(scim: ScimClient): Promise<Record<string, string[]>> {
  const users = (await scim.get('/Users?count=200')).body.Resources as { id: string; userName: string }[]
  const groups = (await scim.get('/Groups?count=200')).body.Resources as {
    id: string
    displayName: string
    members?: { value: string }[]
  }[]
  const names = new Map([...users.map((one) => [one.id, one.userName]), ...groups.map((one) => [one.id, one.displayName])] as [
    string,
    string,
  ][])
  return Object.fromEntries(
    groups.map((one) => [one.displayName, (one.members ?? []).map(({ value }) => names.get(value) ?? value).sort()]),
  )
}
