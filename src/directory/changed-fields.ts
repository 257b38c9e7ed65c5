import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../platform/json.js'
import type { Keys } from './predicate.js'

/** What the audit record of a change of attributes says: the fields that changed, before and after, and never a secret. Pure. */

export type ChangedFields = Record<string, { before?: Json | undefined; after?: Json | undefined }>

/** Stands for a value that may not be read later; that it changed is still said. */
const mask = '•••'

/** Fields that differ; in place of what lies at the end of one of the `secrets` (through lists, too) stands a mask. */
export function changedFields(before: JsonObject, after: JsonObject, secrets: readonly Keys[] = []): ChangedFields {
  const fields: ChangedFields = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]]
    if (isDeepStrictEqual(was, is)) continue
    const inside = below(secrets, name)
    fields[name] = { before: masked(was, inside), after: masked(is, inside) }
  }
  return fields
}

const below = (paths: readonly Keys[], name: string): Keys[] =>
  paths.filter(([first]) => first === name).map(([, ...rest]) => rest)

function masked(value: Json | undefined, secrets: readonly Keys[]): Json | undefined {
  if (value === undefined || value === null || secrets.length === 0) return value
  if (secrets.some((path) => path.length === 0)) return mask
  if (Array.isArray(value)) return value.map((element) => masked(element, secrets) ?? null)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, below(secrets, name)) ?? null]))
}
