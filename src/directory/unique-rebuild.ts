import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Change } from '../journal/index.js'
import type { JsonObject } from '../platform/json.js'
import type { Bearer } from './bearer.js'
import { bearerStore } from './bearer-store.js'
import type { SchemaEdit } from './schema-differences.js'
import { uniqueNames, uniqueValuesUnder } from './unique-attributes.js'
import { uniqueValueStore } from './unique-value-store.js'
import { uniqueKeys } from './unique-values.js'

/** Claims the unique values of documents that stand, where a new definition makes other ones unique. */

const chunk = 1_000
const beforeAll = '00000000-0000-0000-0000-000000000000'

/** Runs when the documents fit already: whoever shared a value with an older resource has lost it. */
export async function rebuildUniqueValues(c: Change, edit: SchemaEdit): Promise<void> {
  const { urn, before = [], after = [], bearers } = edit
  if (isDeepStrictEqual(weighed(before), weighed(after))) return
  const store = bearerStore(c.trx, c.orgId)
  for (const bearer of bearers) {
    const namesOf = (attributes: readonly AttributeDefinition[]) => uniqueNames(bearer.type, { urn, attributes })
    const names = [...namesOf(before), ...namesOf(after)]
    if (names.length > 0) await store.forgetUnique(bearer, names)
  }
  if (edit.before && edit.after) for (const bearer of bearers) await claimAll(c, bearer, edit)
}

/** What decides about keys: the characteristics that unique values are made by. */
const weighed = (definitions: readonly AttributeDefinition[]): unknown =>
  definitions.map(({ name, type, multiValued, caseExact, uniqueness, subAttributes }) => [
    ...[name, type, multiValued, caseExact, uniqueness],
    weighed(subAttributes ?? []),
  ])

async function claimAll(c: Change, bearer: Bearer, { urn, under, after: attributes = [] }: SchemaEdit): Promise<void> {
  if (uniqueNames(bearer.type, { urn, attributes }).length === 0) return
  const store = bearerStore(c.trx, c.orgId)
  for (let after = beforeAll; ; ) {
    const documents = await store.read(bearer, after, chunk)
    const rows = documents.flatMap(({ id, profile }) => {
      const holder = under.reduce<JsonObject>((found, key) => (found[key] ?? {}) as JsonObject, profile)
      return uniqueKeys(uniqueValuesUnder(bearer.type, { urn, attributes }, holder)).map((key) => ({ ownerId: id, ...key }))
    })
    await uniqueValueStore(c.trx).insert(c.orgId, rows)
    const last = documents.at(-1)
    if (!last || documents.length < chunk) return
    after = last.id
  }
}
