import type { ResourceType } from '../contract/attribute-definition.js'
import type { Json, JsonObject } from '../platform/json.js'
import { resolveAttribute } from './attributes.js'
import { isObject } from './keys.js'

/** What a request says about the attributes of the answer: RFC 7644 §3.9. */

export type Selection = {
  /** Names of the `attributes` parameter; absent or empty means "by default". */
  readonly attributes?: readonly string[] | undefined
  /** Names of the `excludedAttributes` parameter; looked at only without `attributes`. */
  readonly excludedAttributes?: readonly string[] | undefined
  /** Names a POST, PUT or PATCH brought: these show `returned: request` attributes in its answer (RFC 7643 §7). */
  readonly written?: readonly string[] | undefined
}

/** The names, for `written`, of everything a document that was read holds: `title`, `name.givenName`, `urn:…:User:department`. */
export function writtenNames(type: ResourceType, document: JsonObject): string[] {
  const urns = new Set(type.extensions.map((extension) => extension.schema.id))
  return Object.entries(document).flatMap(([key, value]) =>
    urns.has(key) && isObject(value)
      ? Object.entries(value).flatMap(([name, inner]) => withParts(`${key}:${name}`, inner))
      : withParts(key, value),
  )
}

function withParts(path: string, value: Json): string[] {
  const parts = new Set((Array.isArray(value) ? value : [value]).flatMap((part) => (isObject(part) ? Object.keys(part) : [])))
  return [path, ...[...parts].map((part) => `${path}.${part}`)]
}

/** Named attributes as a tree: `whole` where the attribute itself was named, else through its sub-attributes only. */
export type Named = Map<string, { whole: boolean; inner: Named }>

/** Resolves names to a tree of canonical keys; the core schema's own URN stands for its default attributes. Unknown names drop out. */
export function nameTree(type: ResourceType, names: readonly string[]): Named {
  const root: Named = new Map()
  for (const name of names) {
    const path = name.trim()
    if (path.toLowerCase() === type.schema.id.toLowerCase()) {
      for (const attribute of type.schema.attributes) if (attribute.returned === 'default') mark(root, [attribute.name])
    } else {
      const reference = resolveAttribute(type, path)
      if (reference) mark(root, reference.keys)
    }
  }
  return root
}

function mark(root: Named, keys: readonly string[]): void {
  let level = root
  keys.forEach((key, index) => {
    const node = level.get(key) ?? { whole: false, inner: new Map() }
    if (index === keys.length - 1) node.whole = true
    level.set(key, node)
    level = node.inner
  })
}
