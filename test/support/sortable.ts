import type { ResourceType } from '../../src/contract/attribute-definition.js'
import { pathsOf } from './filter-arbitraries.js'
import type { WorldSeed } from './filter-world.js'

/** What can be sorted by, and worlds in which the order of an answer can be told from the answer. */

/** Rows of one millisecond look alike in an answer, and are still sorted by their microseconds. */
export function inMilliseconds(seed: WorldSeed): WorldSeed {
  const whole = <Row extends { createdAt: number; updatedAt: number }>(row: Row): Row => ({
    ...row,
    createdAt: row.createdAt - (row.createdAt % 1000),
    updatedAt: row.updatedAt - (row.updatedAt % 1000),
  })
  return { ...seed, users: seed.users.map(whole), groups: seed.groups.map(whole) }
}

/** Every path that a sort over the type may name. */
export function sortable(type: ResourceType): string[] {
  const made = /^(?:urn:ietf:params:scim:schemas:core:|schemas$|meta$|meta\.resourceType|members|groups)|(?:labels|serials)$/
  return pathsOf(type)
    .filter(
      ({ path, definition }) =>
        !made.test(path) && (definition.type !== 'complex' || definition.subAttributes?.some((sub) => sub.name === 'value')),
    )
    .map(({ path }) => path)
}
