import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { urnOf } from './declared-schemas.js'
import type { Switches } from './dialects/switches.js'
import { isObject, matchName } from './keys.js'
import { keepPath, understoodPath } from './provision-log-filter.js'
import { keepEntries, keepList, keepText, type Redaction, withhold } from './provision-log-redaction.js'
import { commonAttributes } from './schema-common.js'
import { isSecret } from './secrets.js'

/**
 * Bodies as the provisioning log may keep them, by the schema and by nothing else: the value of an attribute that the schema knows and
 * that can be read is kept as it was sent; of anything else the key is kept, and that there was a value. Names never decide, so a
 * secret under a name that nobody thought of is left out too.
 */

/** A resource as POST and PUT send it, or as the engine understood it. */
export function redactResource(type: ResourceType, body: Json, redaction: Redaction): Json {
  if (!isObject(body)) return withhold(body, redaction)
  return keepEntries(body, redaction, (key, value) => {
    if (key.toLowerCase() === 'schemas') return redactSchemas(value, redaction)
    const definition = matchName(commonAttributes, key) ?? matchName(type.schema.attributes, key)
    if (definition) return redactValue(definition, value, definition.name, redaction)
    const extension = extensionOf(type, key)
    return extension ? redactParts(extension.attributes, value, extension.id, redaction) : withhold(value, redaction)
  })
}

/** What clients write as `op`, right or wrong. */
const verb = /^(add|replace|remove|delete|update|set|clear|move|copy|test)$/i

/** A PatchOp message, or a list of operations. */
export function redactPatch(type: ResourceType, body: Json, switches: Switches, redaction: Redaction): Json {
  if (Array.isArray(body)) return keepList(body, redaction, (operation) => redactOperation(type, operation, switches, redaction))
  if (!isObject(body)) return withhold(body, redaction)
  return keepEntries(body, redaction, (key, value) => {
    if (key.toLowerCase() === 'schemas') return redactSchemas(value, redaction)
    return key.toLowerCase() === 'operations' && Array.isArray(value)
      ? redactPatch(type, value, switches, redaction)
      : withhold(value, redaction)
  })
}

/** What `schemas` names, as far as it looks like a name. */
export function redactSchemas(value: Json, redaction: Redaction): Json {
  const isName = (urn: Json): urn is string => typeof urn === 'string' && /^(urn:|https?:\/\/)[\w:./-]{1,200}$/i.test(urn)
  const keep = (urn: Json): Json => (isName(urn) ? keepText(urn, redaction) : withhold(urn, redaction))
  return Array.isArray(value) ? keepList(value, redaction, keep) : keep(value)
}

function redactOperation(type: ResourceType, operation: Json, switches: Switches, redaction: Redaction): Json {
  if (!isObject(operation)) return withhold(operation, redaction)
  const path = Object.entries(operation).find(([key]) => key.toLowerCase() === 'path')?.[1]
  return keepEntries(operation, redaction, (key, value) => {
    switch (key.toLowerCase()) {
      case 'op':
        return typeof value === 'string' && verb.test(value) ? value : withhold(value, redaction)
      case 'path':
        return typeof value === 'string'
          ? keepPath(value, understoodPath(value, type, switches), redaction)
          : withhold(value, redaction)
      case 'value':
        if (path === undefined || path === null) return redactPaths(type, '', value, switches, redaction)
        return typeof path === 'string' ? redactAt(type, path, value, switches, redaction) : withhold(value, redaction)
      default:
        return withhold(value, redaction)
    }
  })
}

/** The value of an operation whose path, or of an entry whose key, is `path`. */
function redactAt(type: ResourceType, path: string, value: Json, switches: Switches, redaction: Redaction): Json {
  const target = understoodPath(path, type, switches)
  if (target?.kind === 'resource') return redactPaths(type, '', value, switches, redaction)
  if (target?.kind === 'extension') return redactPaths(type, `${target.schema.id}:`, value, switches, redaction)
  if (!target) return withhold(value, redaction)
  const { attribute, sub, label } = target
  if (!sub) return redactValue(attribute, value, label, redaction)
  return redactValue(isSecret(attribute) ? attribute : sub, value, `${label}.${sub.name}`, redaction)
}

/** A value without path: each of its keys, after `prefix`, is a path of its own. */
function redactPaths(type: ResourceType, prefix: string, value: Json, switches: Switches, redaction: Redaction): Json {
  if (value === null) return null
  if (!isObject(value)) return withhold(value, redaction)
  return keepEntries(
    value,
    redaction,
    (key, inner) => redactAt(type, prefix + key, inner, switches, redaction),
    (key) => keepPath(key, understoodPath(prefix + key, type, switches), redaction),
  )
}

function extensionOf(type: ResourceType, key: string) {
  const urn = urnOf(key)
  return type.extensions.find(({ schema }) => schema.id.toLowerCase() === urn)?.schema
}

function redactParts(definitions: readonly AttributeDefinition[], value: Json, path: string, redaction: Redaction): Json {
  if (value === null) return null
  if (!isObject(value)) return withhold(value, redaction)
  return keepEntries(value, redaction, (key, inner) => {
    const definition = matchName(definitions, key)
    return definition ? redactValue(definition, inner, `${path}:${definition.name}`, redaction) : withhold(inner, redaction)
  })
}

/** A value of `definition`, of whatever shape it came in. `path` names it among the gaps. */
function redactValue(definition: AttributeDefinition, value: Json, path: string, redaction: Redaction): Json {
  if (value === null) return null
  if (isSecret(definition)) {
    // A pushed password has no effect, so nothing is missing without it.
    if (path !== 'password') redaction.gaps.add(path)
    return withhold(value, redaction)
  }
  if (Array.isArray(value)) return keepList(value, redaction, (item) => redactValue(definition, item, path, redaction))
  const parts = definition.subAttributes
  if (isObject(value)) return parts ? redactObject(parts, value, path, redaction) : withhold(value, redaction)
  const plain = parts ? parts.find(({ name }) => name === 'value') : definition
  if (!plain || isSecret(plain)) return withhold(value, redaction)
  return typeof value === 'string' ? redactText(value, redaction) : value
}

function redactObject(parts: readonly AttributeDefinition[], value: JsonObject, path: string, redaction: Redaction): Json {
  return keepEntries(value, redaction, (key, inner) => {
    const part = matchName(parts, key)
    return part ? redactValue(part, inner, `${path}.${part.name}`, redaction) : withhold(inner, redaction)
  })
}

/** What a role written as JSON text may say of itself: dialects/role-texts.ts. */
const longestInner = 4_000
const roleParts = new Set(['id', 'value', 'displayname', 'display', 'type', 'primary'])

/** Text of an attribute. Some clients put a whole object into it, as JSON: of that only plain parts of a role are kept. */
function redactText(text: string, redaction: Redaction): Json {
  if (!/^\s*[{[]/.test(text)) return keepText(text, redaction)
  const parsed = text.length > longestInner ? null : parse(text)
  if (parsed === undefined) return keepText(text, redaction)
  const before = redaction.withheld.length
  if (!isObject(parsed)) return withhold(text, redaction)
  const kept = keepEntries(parsed, redaction, (key, value) => {
    if (!roleParts.has(key.toLowerCase()) || typeof value === 'object') return withhold(value, redaction)
    return typeof value === 'string' ? redactText(value, redaction) : value
  })
  const shown = JSON.stringify(kept)
  if (redaction.withheld.length > before) redaction.gaps.add('a text that is JSON')
  return shown
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
