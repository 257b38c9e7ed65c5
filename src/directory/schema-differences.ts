import { isDeepStrictEqual } from 'node:util'
import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { Bearer } from './bearer.js'
import type { Misfit } from './misfit.js'
import type { Keys } from './predicate.js'
import { isSecret } from './secrets.js'
import { isCaseExact } from './unique-attributes.js'

/** What is different between two definitions of a schema, and which stored data the new one has no room for. Pure. */

export type Difference = {
  /** Path of the attribute, or what has changed as a whole. */
  readonly attribute: string
  /** In words: `type: string → integer`. */
  readonly change: string
  /** Finds the resources whose data does not fit; absent where all does. */
  readonly misfit?: Misfit
  /** Whether what does not fit is dropped, or stays until its resource is next written. */
  readonly effect: 'none' | 'dropped' | 'kept'
  readonly bearers: readonly Bearer[]
}

/** A schema of some types as it was and as it shall be; absent where it is new, or goes. */
export type SchemaEdit = {
  readonly urn: string
  /** Keys under which the attributes lie in a document: none for the core schema of a type, the URN for an extension. */
  readonly under: Keys
  readonly bearers: readonly Bearer[]
  readonly before?: readonly AttributeDefinition[]
  readonly after?: readonly AttributeDefinition[]
}

export function differencesOf(edit: SchemaEdit): Difference[] {
  const { urn, under, bearers, before, after } = edit
  if (!before) return [{ attribute: urn, change: 'added', effect: 'none', bearers }]
  if (!after) return [{ attribute: urn, change: 'removed', misfit: { kind: 'held', keys: under }, effect: 'dropped', bearers }]
  return compareAll(before, after, { keys: under, label: under.length === 0 ? '' : `${urn}:`, bearers })
}

/** Whether a client may be asked for the attribute: what is read-only the server sets. */
const isDue = ({ required, mutability }: AttributeDefinition): boolean => required && mutability !== 'readOnly'

type Place = { readonly keys: Keys; readonly label: string; readonly bearers: readonly Bearer[] }

function compareAll(before: readonly AttributeDefinition[], after: readonly AttributeDefinition[], place: Place): Difference[] {
  const of = (name: string, rest: Pick<Difference, 'change' | 'effect'> & { misfit?: Misfit }): Difference => ({
    attribute: place.label + name,
    bearers: place.bearers,
    ...rest,
  })
  const changed = before.flatMap((old) => {
    const now = after.find((candidate) => candidate.name === old.name)
    if (now) return compare(old, now, place)
    const misfit: Misfit = { kind: 'held', keys: [...place.keys, old.name] }
    return [of(old.name, { change: 'removed', misfit, effect: 'dropped' })]
  })
  const added = after
    .filter((now) => !before.some((old) => old.name === now.name))
    .map((now) =>
      isDue(now)
        ? of(now.name, { change: 'added as required', misfit: blank(place, now), effect: 'kept' })
        : of(now.name, { change: 'added', effect: 'none' }),
    )
  return [...changed, ...added]
}

const blank = ({ keys }: Place, { name }: AttributeDefinition): Misfit => ({ kind: 'blank', holder: keys, name })

type Consequence = { readonly misfit: Misfit; readonly effect: 'dropped' | 'kept' }

/** What a changed characteristic does to data, where it does anything; the rest of the characteristics only say how data is shown. */
function consequenceOf(
  name: keyof AttributeDefinition,
  old: AttributeDefinition,
  now: AttributeDefinition,
  place: Place,
): Consequence | undefined {
  const keys = [...place.keys, now.name]
  switch (name) {
    case 'type':
    case 'multiValued': {
      const { type, multiValued } = now
      return { misfit: { kind: 'mistyped', keys, type, multiValued }, effect: 'dropped' }
    }
    case 'required':
      return isDue(now) ? { misfit: blank(place, now), effect: 'kept' } : undefined
    case 'returned':
      // What was given as a secret is not shown because the schema changed its mind.
      return isSecret(old) && !isSecret(now) ? { misfit: { kind: 'held', keys }, effect: 'dropped' } : undefined
    case 'mutability':
      if (isSecret(old) && !isSecret(now)) return { misfit: { kind: 'held', keys }, effect: 'dropped' }
      if (isDue(now) && !isDue(old)) return { misfit: blank(place, now), effect: 'kept' }
      if (now.mutability === 'immutable' || now.mutability === 'readOnly') {
        return { misfit: { kind: 'held', keys }, effect: 'kept' }
      }
      return undefined
    case 'uniqueness':
    case 'caseExact': {
      const narrower =
        name === 'uniqueness' ? old.uniqueness === 'none' || now.uniqueness === 'global' : isCaseExact(old) && !isCaseExact(now)
      if (now.uniqueness === 'none' || now.type === 'complex' || !narrower) return undefined
      return {
        misfit: { kind: 'shared', keys, caseExact: isCaseExact(now), across: now.uniqueness === 'global' },
        effect: 'dropped',
      }
    }
    default:
      return undefined
  }
}

/** In the order of consequences: what is dropped for its type needs no other reason. */
const characteristics = [
  'type',
  'multiValued',
  'required',
  'caseExact',
  'mutability',
  'returned',
  'uniqueness',
  'canonicalValues',
  'referenceTypes',
  'description',
] as const satisfies readonly (keyof AttributeDefinition)[]

function compare(old: AttributeDefinition, now: AttributeDefinition, place: Place): Difference[] {
  const attribute = place.label + now.name
  const own = characteristics
    .filter((name) => !isDeepStrictEqual(old[name], now[name]))
    .map((name): Difference => {
      const change = name === 'description' ? 'described anew' : `${name}: ${shown(old[name])} → ${shown(now[name])}`
      return { attribute, change, effect: 'none', bearers: place.bearers, ...consequenceOf(name, old, now, place) }
    })
  if (!old.subAttributes || !now.subAttributes) return own
  const inside = { ...place, keys: [...place.keys, now.name], label: `${attribute}.` }
  return [...own, ...compareAll(old.subAttributes, now.subAttributes, inside)]
}

const shown = (value: unknown): string => (value === undefined ? 'none' : Array.isArray(value) ? value.join(', ') : String(value))
