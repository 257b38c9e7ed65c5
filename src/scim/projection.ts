import type { ResourceType } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { isObject } from './keys.js'
import { type Plan, planFor } from './projection-plan.js'
import type { Selection } from './selection.js'

/**
 * Which attributes of a document leave the house: `returned` of the schema, then `attributes` or `excludedAttributes` of the request
 * (RFC 7644 §3.9). What no definition allows is never copied, so `returned: never` and leftovers of a dropped extension stay inside.
 */

/** Prepares the selection once for any number of documents. */
export function projection(type: ResourceType, selection: Selection): (document: JsonObject) => JsonObject {
  const plan = planFor(type, selection)
  const extensions = new Set(type.extensions.map((extension) => extension.schema.id))
  return (document) => {
    const result = take(document, plan)
    if (Array.isArray(result.schemas)) {
      result.schemas = result.schemas.filter(
        (urn) => typeof urn !== 'string' || !extensions.has(urn) || result[urn] !== undefined,
      )
    }
    return result
  }
}

/**
 * The document as the client may see it; the document itself is left alone. `schemas` names the schemas of what is shown
 * (RFC 7643 §3). `attributes` wins over `excludedAttributes`, names the schema does not have are ignored.
 */
export function project(type: ResourceType, document: JsonObject, selection: Selection): JsonObject {
  return projection(type, selection)(document)
}

/** Whether any of an attribute could be shown: where not, the caller need not load it (members of a group, groups of a user). */
export function wants(type: ResourceType, selection: Selection, attributeName: string): boolean {
  return planFor(type, selection).has(attributeName)
}

/** The `schemas` value of a document: the core schema and each extension that it has data for. */
export function schemasOf(type: ResourceType, document: JsonObject): string[] {
  const present = type.extensions.filter((extension) => document[extension.schema.id] !== undefined)
  return [type.schema.id, ...present.map((extension) => extension.schema.id)]
}

function take(object: JsonObject, plan: Plan): JsonObject {
  const result: JsonObject = {}
  for (const [key, value] of Object.entries(object)) {
    const keep = plan.get(key)
    if (keep === undefined) continue
    const shown = keep === 'all' ? value : takeInside(value, keep)
    if (shown !== undefined) result[key] = shown
  }
  return result
}

/** Undefined where nothing is left, as an unassigned attribute is not shown. */
function takeInside(value: Json, plan: Plan): Json | undefined {
  if (isObject(value)) {
    const inner = take(value, plan)
    return Object.keys(inner).length === 0 ? undefined : inner
  }
  if (!Array.isArray(value)) return undefined
  const elements = value.map((element) => takeInside(element, plan)).filter((element) => element !== undefined)
  return elements.length === 0 ? undefined : elements
}
