import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition, ResourceType } from '../../contract/attribute-definition.js'
import type { Json, JsonObject } from '../../platform/json.js'
import { isObject } from '../keys.js'
import { commonAttributes } from '../schema-common.js'
import { withoutSecrets } from './secrets.js'

/** What a change did to a resource, attribute by attribute: the last of "what was sent, what was understood, what came of it". */

/** `before` or `after` is absent where the attribute had or has no value; a secret is masked on both sides. */
export type AttributeChange = { readonly path: string; readonly before?: Json; readonly after?: Json }

/** Differences between two documents in canonical spelling, in the order of the schema. Members are rows and not in them. */
export function attributeChanges(type: ResourceType, before: JsonObject, after: JsonObject): AttributeChange[] {
  const core = [...commonAttributes, ...type.schema.attributes]
  return [
    ...core.flatMap((definition) => changeOf(definition, definition.name, before, after)),
    ...type.extensions.flatMap(({ schema }) =>
      schema.attributes.flatMap((definition) =>
        changeOf(definition, `${schema.id}:${definition.name}`, part(before, schema.id), part(after, schema.id)),
      ),
    ),
  ]
}

function changeOf(definition: AttributeDefinition, path: string, before: JsonObject, after: JsonObject): AttributeChange[] {
  const was = before[definition.name]
  const is = after[definition.name]
  if (isDeepStrictEqual(was, is)) return []
  const shown = (value: Json) => withoutSecrets(definition, value)
  return [{ path, ...(was !== undefined && { before: shown(was) }), ...(is !== undefined && { after: shown(is) }) }]
}

function part(document: JsonObject, urn: string): JsonObject {
  const extension = document[urn]
  return isObject(extension) ? extension : {}
}
