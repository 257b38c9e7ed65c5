import type { AttributeDefinition, ResourceType } from '../contract/attribute-definition.js'
import { commonAttributes } from './schema-common.js'
import { isSecret } from './secrets.js'
import { type Named, nameTree, type Selection } from './selection.js'

/** The keys an answer keeps, worked out from schema and selection before any document is looked at. */

/** Keys to keep, and what to keep below each; what is not listed is dropped. */
export type Plan = Map<string, Plan | 'all'>

/** `only`: what was named, beside `always`. `except`: everything by default, without what was named. */
type Choice = { readonly mode: 'only' | 'except'; readonly named: Named; readonly written: Named }

const nothing: Named = new Map()
const defaults = new WeakMap<ResourceType, Plan>()

/** Works out the plan; the one of a request that selects nothing is kept with the type. */
export function planFor(type: ResourceType, selection: Selection): Plan {
  const { attributes = [], excludedAttributes = [], written = [] } = selection
  if (attributes.length > 0) {
    return planType(type, { mode: 'only', named: nameTree(type, attributes), written: nothing })
  }
  if (excludedAttributes.length > 0 || written.length > 0) {
    return planType(type, { mode: 'except', named: nameTree(type, excludedAttributes), written: nameTree(type, written) })
  }
  const known = defaults.get(type)
  if (known) return known
  const plan = planType(type, { mode: 'except', named: nothing, written: nothing })
  defaults.set(type, plan)
  return plan
}

function planType(type: ResourceType, choice: Choice): Plan {
  const plan = planAttributes([...commonAttributes, ...type.schema.attributes], choice)
  for (const { schema } of type.extensions) {
    const inner = planAttributes(schema.attributes, below(choice, schema.id))
    if (inner.size > 0) plan.set(schema.id, inner)
  }
  return plan
}

function planAttributes(definitions: readonly AttributeDefinition[], choice: Choice): Plan {
  const plan: Plan = new Map()
  for (const definition of definitions) {
    if (!keeps(definition, choice)) continue
    const { subAttributes } = definition
    const inner = subAttributes && planAttributes(subAttributes, below(choice, definition.name, definition.returned))
    if (!subAttributes || inner?.size === subAttributes.length) plan.set(definition.name, 'all')
    else if (inner && inner.size > 0) plan.set(definition.name, inner)
  }
  return plan
}

function keeps(definition: AttributeDefinition, { mode, named, written }: Choice): boolean {
  const { name, returned } = definition
  if (isSecret(definition)) return false
  if (returned === 'always') return true
  if (mode === 'only') return named.has(name)
  if (named.get(name)?.whole) return false
  return returned === 'default' || written.has(name)
}

/**
 * The choice inside an attribute or extension. One named whole shows (or hides) what it shows by default; what is always shown and
 * was not named shows its defaults too.
 */
function below(choice: Choice, key: string, returned?: AttributeDefinition['returned']): Choice {
  const node = choice.named.get(key)
  const written = choice.written.get(key)?.inner ?? nothing
  const named = node?.inner ?? nothing
  if (choice.mode === 'except') {
    return node?.whole && returned !== 'always'
      ? { mode: 'only', named: nothing, written: nothing }
      : { mode: 'except', named, written }
  }
  if (node?.whole || (!node && returned === 'always')) return { mode: 'except', named: nothing, written: named }
  return { mode: 'only', named, written: nothing }
}
