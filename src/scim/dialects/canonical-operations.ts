import type { AttributeDefinition, ResourceType } from '../../contract/attribute-definition.js'
import type { Json } from '../../platform/json.js'
import { findAttribute } from '../attributes.js'
import { isObject } from '../keys.js'
import type { MemberDelta, PatchPlan } from '../patch.js'
import type { PatchOperation } from '../patch-body.js'
import type { ResolvedOperation } from '../patch-change.js'
import { namesOf } from '../patch-elements.js'
import { pathOf } from '../patch-target.js'
import { filterText } from './filter-text.js'
import { withoutSecrets } from './secrets.js'

/**
 * A plan written down again as operations of RFC 7644 §3.5.2: what the server understood, to be held against what was sent. Each has
 * one path in the schema's spelling; a list that named what to remove has become filters; secrets are masked.
 */

/** Read by the letter of the RFC, the operations do what the plan does; only a filter that finds nothing is left to the profile. */
export function canonicalOperations(type: ResourceType, { steps, members }: PatchPlan): PatchOperation[] {
  const definition = findAttribute(type.schema.attributes, 'members')
  return [
    ...steps.flatMap((step) => (step.kind === 'extension' ? [removal(step.schema.id)] : writeDown(step))),
    ...members.flatMap((delta) => writeDownMembers(delta, definition?.subAttributes ?? [])),
  ]
}

function removal(path: string): PatchOperation {
  return { op: 'remove', path }
}

function writeDown({ target, op, value }: ResolvedOperation): PatchOperation[] {
  const { attribute, sub, filter, label } = target
  if (op === 'remove' && value !== null) {
    const named = Array.isArray(value) ? value : [value]
    return named.map((element) => removal(`${label}[${describe(withoutSecrets(attribute, element))}]`))
  }
  const chosen = filter ? `${label}[${filterText(filter, attribute.subAttributes ?? [])}]` : label
  const path = sub ? `${chosen}.${sub.name}` : chosen
  if (value !== null && op !== 'remove') return [{ op, path, value: withoutSecrets(sub ?? attribute, value) }]
  const addsNothing = op === 'add' && attribute.multiValued && pathOf(target) === label && !filter
  return addsNothing ? [] : [removal(path)]
}

/** The filter that finds what a client named in the value of a remove. */
function describe(element: Json): string {
  if (!isObject(element)) return `value eq ${JSON.stringify(element)}`
  return namesOf(element)
    .map((name) => `${name} eq ${JSON.stringify(element[name])}`)
    .join(' and ')
}

function writeDownMembers(delta: MemberDelta, parts: readonly AttributeDefinition[]): PatchOperation[] {
  switch (delta.kind) {
    case 'add':
      return [{ op: 'add', path: 'members', value: delta.values.map((member) => ({ ...member })) }]
    case 'replaceAll':
      return [{ op: 'replace', path: 'members', value: delta.values.map((member) => ({ ...member })) }]
    case 'remove':
      return delta.values.map((id) => removal(`members[value eq ${JSON.stringify(id)}]`))
    case 'removeWhere':
      return [removal(`members[${filterText(delta.filter, parts)}]`)]
    case 'removeAll':
      return [removal('members')]
  }
}
