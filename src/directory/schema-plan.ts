import { isDeepStrictEqual } from 'node:util'
import { conflict, invalid, notFound } from '../platform/errors.js'
import type { Bearer } from './bearer.js'
import type { DeclaredType, ExtensionInput, SchemaExtension } from './model.js'
import type { Difference, SchemaEdit } from './schema-differences.js'

/**
 * What a definition asks for, held against the schemas that an organization has. A URN names one schema, whatever types bear it:
 * changing it changes it for all of them. Pure.
 */

export type Known = { readonly types: readonly DeclaredType[]; readonly extensions: readonly SchemaExtension[] }

export type SchemaPlan = {
  readonly edits: readonly SchemaEdit[]
  /** Differences that are not about attributes. */
  readonly more: readonly Difference[]
  readonly writes: readonly { readonly before?: SchemaExtension; readonly after?: SchemaExtension }[]
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The resources of a declared type. */
export const bearerOf = ({ id, name }: Pick<DeclaredType, 'id' | 'name'>): Bearer => ({ type: name, typeId: id })

/** The resources of the type of that name. @throws AppError invalid `resource_type_unknown` */
export function findBearer(known: Known, name: string): Bearer {
  const builtIn = ['User', 'Group'].find((candidate) => same(candidate, name))
  if (builtIn) return { type: builtIn }
  const declared = known.types.find((type) => same(type.name, name))
  if (declared) return bearerOf(declared)
  throw invalid('resource_type_unknown', `There is no resource type "${name}": it is User, Group, or one that was defined.`, {
    pointer: 'resourceType',
  })
}

/** What defining the extension does: for a new one with the id given. @throws AppError conflict `urn_taken`, `extension_differs` */
export function planExtension(
  known: Known,
  bearer: Bearer,
  input: Omit<ExtensionInput, 'resourceType'>,
  newId: string,
): SchemaPlan {
  const core = known.types.find(({ schema }) => same(schema.urn, input.urn))
  if (core) throw urnTaken(input.urn, `is the schema of the resource type ${core.name}`)
  const bearing = known.extensions.filter(({ urn }) => same(urn, input.urn))
  const own = bearing.find(({ resourceType }) => resourceType === bearer.type)
  return own ? planEdit(known, bearing, own, input) : planAddition(bearing[0], bearer, input, newId)
}

function planEdit(
  known: Known,
  bearing: readonly SchemaExtension[],
  own: SchemaExtension,
  input: Omit<ExtensionInput, 'resourceType'>,
): SchemaPlan {
  const { name, description, attributes } = input
  const bearers = bearing.map(({ resourceType }) => findBearer(known, resourceType))
  const edit = { urn: own.urn, under: [own.urn], bearers, before: own.attributes, after: attributes }
  const ownBearer = [findBearer(known, own.resourceType)]
  const writes = bearing
    .map((before) => ({
      before,
      after: { ...before, name, description, attributes, required: before === own ? input.required : before.required },
    }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
    .map(({ before, after }) => ({ before, after: { ...after, version: before.version + 1 } }))
  return {
    edits: [edit],
    more: [...proseOf(own, input, ownBearer), ...dutyOf(own.urn, { before: own.required, after: input.required }, ownBearer)],
    writes,
  }
}

function planAddition(
  elsewhere: SchemaExtension | undefined,
  bearer: Bearer,
  input: Omit<ExtensionInput, 'resourceType'>,
  id: string,
): SchemaPlan {
  if (elsewhere && !isDeepStrictEqual(elsewhere.attributes, input.attributes)) {
    const detail = `${elsewhere.resourceType} has an extension of this URN with other attributes. A URN names one schema: define it with the same attributes, or choose another URN.`
    throw conflict('extension_differs', detail, { pointer: 'urn' })
  }
  const { name, description } = elsewhere ?? input
  const after = { ...input, name, description, urn: elsewhere?.urn ?? input.urn, resourceType: bearer.type, id, version: 1 }
  const edit = { urn: after.urn, under: [after.urn], bearers: [bearer], after: input.attributes }
  return { edits: [edit], more: dutyOf(after.urn, { before: false, after: input.required }, [bearer]), writes: [{ after }] }
}

/** What taking an extension from a type does. @throws AppError not_found */
export function planRemoval(known: Known, bearer: Bearer, urn: string): SchemaPlan {
  const before = known.extensions.find((one) => same(one.urn, urn) && one.resourceType === bearer.type)
  if (!before) throw notFound('extension_not_found', `${bearer.type} has no extension "${urn}".`)
  const edit = { urn: before.urn, under: [before.urn], bearers: [bearer], before: before.attributes }
  return { edits: [edit], more: [], writes: [{ before }] }
}

export function urnTaken(urn: string, because: string): Error {
  return conflict('urn_taken', `The URN ${urn} ${because}. Choose another one.`, { pointer: 'urn' })
}

type Prose = { readonly name: string; readonly description: string }

/** Differences in what is said to people, under the URN or name of what they are about. */
export function proseOf(before: Prose & { readonly urn: string }, after: Prose, bearers: readonly Bearer[]): Difference[] {
  const of = (change: string): Difference => ({ attribute: before.urn, change, effect: 'none', bearers })
  return [
    ...(before.name === after.name ? [] : [of(`name: ${before.name} → ${after.name}`)]),
    ...(before.description === after.description ? [] : [of('described anew')]),
  ]
}

type Duty = { readonly before: boolean; readonly after: boolean }

function dutyOf(urn: string, { before, after }: Duty, bearers: readonly Bearer[]): Difference[] {
  if (before === after) return []
  const change = `required: ${before} → ${after}`
  if (!after) return [{ attribute: urn, change, effect: 'none', bearers }]
  return [{ attribute: urn, change, misfit: { kind: 'blank', holder: [], name: urn }, effect: 'kept', bearers }]
}
