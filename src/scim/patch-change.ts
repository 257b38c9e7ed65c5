import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Predicate } from '../directory/index.js'
import type { Json } from '../platform/json.js'
import type { Switches } from './dialects/switches.js'
import { describedElement, elementTest } from './element-match.js'
import { refuse } from './errors.js'
import { isObject } from './keys.js'
import { addElements, assigned, changeElements, listOf, listOrNothing, merged, type Verb } from './patch-assign.js'
import type { PatchOperation } from './patch-body.js'
import { withoutNamed } from './patch-elements.js'
import { type AttributeTarget, pathOf } from './patch-target.js'
import { oneOf, readGiven, readPart } from './patch-value.js'
import type { ValueSwitches } from './value.js'

/** One operation on one attribute as a function from what the attribute holds to what it will hold: RFC 7644 §3.5.2.1 to §3.5.2.3. */

/** An operation in the schema's own words: nothing of how the client spelled it is left. */
export type ResolvedOperation = {
  readonly target: AttributeTarget
  readonly op: PatchOperation['op']
  /** Values of the schema's types under its names. Null takes away; a list with a remove names the elements that go. */
  readonly value: Json
}

/** Undefined stands for "unassigned", before and after. Throws 400 mutability, noTarget or invalidValue. */
export type Change = (current: Json | undefined) => Json | undefined

type ChangeSwitches = Pick<Switches, 'missingTarget'>

/** Reads what an operation brings for `target`; all that can be wrong with its value is refused here, before anything changes. */
export function resolveOperation(
  target: AttributeTarget,
  op: PatchOperation['op'],
  value: Json,
  switches: ValueSwitches,
): ResolvedOperation {
  const { attribute, sub, where, label } = target
  if (op === 'remove') {
    // Not in the RFC, but Entra, JumpCloud and authentik name in "value" what is to go; ignoring it would remove everything.
    const namesElements = attribute.multiValued && !sub && !where && value !== null
    return { target, op, value: namesElements ? readGiven(attribute, value, label, switches) : null }
  }
  if (sub) return { target, op, value: readPart(attribute, sub, value, pathOf(target), switches) }
  return { target, op, value: readGiven(where ? oneOf(attribute) : attribute, value, label, switches) }
}

export function changeOf(operation: ResolvedOperation, switches: ChangeSwitches): Change {
  const { target, op, value } = operation
  const { attribute, sub, where, label } = target
  if (op === 'remove' && value !== null) {
    const named = listOf(value)
    return (current) => listOrNothing(withoutNamed(attribute, listOf(current), named))
  }
  const verb = op === 'remove' ? 'replace' : op
  if (sub || where) return partChange(target, verb, value, switches)
  return (current) => assigned(attribute, current, value, verb, label)
}

/** A sub-attribute, or elements that a filter selects, or a sub-attribute of those. Null takes away; where nothing is, it is content. */
function partChange(target: AttributeTarget, verb: Verb, value: Json, switches: ChangeSwitches): Change {
  const { attribute, sub, where, label } = target
  const one = oneOf(attribute)
  const given = sub ? { [sub.name]: value } : value
  const change: Change = (element) => {
    if (!sub || !isObject(given)) return assigned(one, element, given, verb, label)
    return merged(attribute, isObject(element) ? element : {}, given, verb, label)
  }
  if (!attribute.multiValued) return change
  const takesOnly = given === null || (isObject(given) && Object.values(given).every((part) => part === null))
  const matches = where ? elementTest(where) : () => true
  const seed = where ? newElement(attribute, where, switches) : {}
  return (current) => {
    const list = listOf(current)
    const chosen = new Set([...list.keys()].filter((at) => matches(list[at] ?? null)))
    if (chosen.size > 0) return listOrNothing(changeElements(attribute, list, chosen, change, label))
    if (takesOnly) return current
    if (seed === undefined) throw refuse('noTarget', `No value of "${label}" matches the filter of the path.`)
    const made = change(seed)
    return made === undefined ? current : addElements(attribute, list, [made], label)
  }
}

/** What a new element starts from where the filter matches none; undefined where there is to be no new one. */
function newElement(attribute: AttributeDefinition, where: Predicate, switches: ChangeSwitches): Json | undefined {
  if (switches.missingTarget === 'noTarget') return undefined
  const described = describedElement(where)
  const isReadOnly = (name: string) => attribute.subAttributes?.some((sub) => sub.name === name && sub.mutability === 'readOnly')
  return isObject(described) && Object.keys(described).some(isReadOnly) ? undefined : described
}
