import type { AttributeDefinition } from '../../contract/attribute-definition.js'
import type { Json } from '../../platform/json.js'
import { isObject } from '../keys.js'
import { isSecret } from '../secrets.js'

/** Secrets are known by their definition, never by their name: what is never returned is never written down either. */

const mask = '•••'

/** `value` of `definition` with a mask in the place of every secret in it. */
export function withoutSecrets(definition: AttributeDefinition, value: Json): Json {
  if (value === null) return null
  if (isSecret(definition)) return mask
  if (Array.isArray(value)) return value.map((element) => withoutSecrets(definition, element))
  if (!isObject(value)) return value
  const parts = definition.subAttributes ?? []
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const part = parts.find((candidate) => candidate.name === name)
      return [name, part ? withoutSecrets(part, inner) : inner]
    }),
  )
}
