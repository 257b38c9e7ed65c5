import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { JsonObject } from '../../src/platform/json.js'
import { sharedTestApp } from '../support/app.js'
import { addMember, bulkResults, membership, patchOf, postGroup, postUser } from '../support/bulk.js'
import { coreUser, enterpriseUser, type ScimClient, scimClient } from '../support/scim-client.js'

/** A request of creations that refer to each other at random, and the same ones sent one by one. */

type Creation = { readonly kind: 'user' | 'group'; readonly refs: readonly number[]; readonly broken: boolean }

const creations: fc.Arbitrary<Creation[]> = fc.integer({ min: 1, max: 8 }).chain((length) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom('user' as const, 'group' as const),
      refs: fc.uniqueArray(fc.integer({ min: 0, max: length - 1 }), { maxLength: 3 }),
      broken: fc.integer({ min: 0, max: 11 }).map((dice) => dice === 0),
    }),
    { minLength: length, maxLength: length },
  ),
)

const managed = (value: string): JsonObject => ({ schemas: [coreUser, enterpriseUser], [enterpriseUser]: { manager: { value } } })

/** What a creation points at: a user at its manager, a group at its members. */
const pointsAt = ({ kind, refs }: Creation): readonly number[] => (kind === 'user' ? refs.slice(0, 1) : refs)

function bulkOperation(creation: Creation, index: number): JsonObject {
  const name = creation.broken ? '' : `n${index}`
  const refs = pointsAt(creation).map((ref) => `bulkId:b${ref}`)
  if (creation.kind === 'group') return postGroup(`b${index}`, name, refs)
  return postUser(`b${index}`, name, refs[0] === undefined ? {} : managed(refs[0]))
}

/** Indexes of the creations that hang together with a broken one. */
function fallen(all: readonly Creation[]): Set<number> {
  const fell = new Set(all.flatMap(({ broken }, index) => (broken ? [index] : [])))
  for (let before = -1; before !== fell.size; ) {
    before = fell.size
    for (const [index, creation] of all.entries()) {
      const together = [index, ...pointsAt(creation)]
      if (together.some((one) => fell.has(one))) for (const one of together) fell.add(one)
    }
  }
  return fell
}

/** Creates everything bare, then adds what points at others. */
async function oneByOne(scim: ScimClient, all: readonly Creation[], absent: ReadonlySet<number>): Promise<void> {
  const ids = new Map<number, string>()
  for (const [index, { kind }] of all.entries()) {
    if (absent.has(index)) continue
    const { path, data } = (kind === 'user' ? postUser('', `n${index}`) : postGroup('', `n${index}`)) as {
      path: string
      data: JsonObject
    }
    ids.set(index, (await scim.post(path, data)).body.id)
  }
  for (const [index, creation] of all.entries()) {
    for (const ref of absent.has(index) ? [] : pointsAt(creation)) {
      const value = ids.get(ref) ?? ''
      const { data } =
        creation.kind === 'group'
          ? addMember('', value)
          : patchOf('', [{ op: 'add', path: `${enterpriseUser}:manager`, value: { value } }])
      const answer = await scim.call(
        'PATCH',
        `/${creation.kind === 'group' ? 'Groups' : 'Users'}/${ids.get(index)}`,
        data as JsonObject,
      )
      assert.ok(answer.status < 300, answer.text)
    }
  }
}

/** Everything in the directory by names instead of ids. */
async function picture(scim: ScimClient) {
  type Person = { id: string; userName: string; [enterpriseUser]?: { manager: { value: string } } }
  const people = (await scim.get('/Users?count=200')).body.Resources as Person[]
  const groups = (await scim.get('/Groups?count=200')).body.Resources as { id: string; displayName: string }[]
  const names = new Map([...people.map((one) => [one.id, one.userName]), ...groups.map((one) => [one.id, one.displayName])] as [
    string,
    string,
  ][])
  const managers = people.map((one) => [one.userName, names.get(one[enterpriseUser]?.manager.value ?? '') ?? null])
  return { managers: Object.fromEntries(managers), members: await membership(scim) }
}

describe('a bulk request of creations', () => {
  it('with any references among them ends as the same ones sent one by one; what hangs on a broken one is left out', async () => {
    const app = await sharedTestApp()
    const newClient = async () => {
      const organization = await app.createOrganization()
      return scimClient(organization.baseUrl, organization.token)
    }
    await fc.assert(
      fc.asyncProperty(creations, async (all) => {
        const [bulk, single] = [await newClient(), await newClient()]
        const results = await bulkResults(bulk, all.map(bulkOperation))
        const fell = fallen(all)
        assert.deepEqual(
          results.map(({ status }) => status === '201'),
          all.map((_, index) => !fell.has(index)),
        )
        assert.deepEqual(
          results.map(({ status }) => status === '400'),
          all.map(({ broken }) => broken),
        )
        await oneByOne(single, all, fell)
        assert.deepEqual(await picture(bulk), await picture(single))
      }),
      { numRuns: 25 },
    )
  }).timeout(120_000)
})
