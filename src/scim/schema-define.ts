import type { z } from 'zod'
import { type AttributeDefinition, attributeDefinition, type Schema } from '../contract/attribute-definition.js'

/**
 * How schemas are written down: only what differs from the defaults of RFC 7643 §2.2 is said, the rest is filled in.
 * References and binaries are always case exact (§2.3.6, §2.3.7), whatever the listing in §8.7.1 prints (errata 6000, 6001, 8470).
 */

type AttributeInput = z.input<typeof attributeDefinition>
export type SubAttributeInput = NonNullable<AttributeInput['subAttributes']>[number]

/** Completes and checks a schema (RFC 7643 §7); a schema that breaks the rules for definitions stops the process at start. */
export function defineSchema(schema: {
  id: string
  name: string
  description: string
  attributes: readonly AttributeInput[]
}): Schema {
  const attributes = schema.attributes.map((attribute): AttributeDefinition => {
    const subAttributes = attribute.subAttributes?.map(exact)
    return attributeDefinition.parse({ ...exact(attribute), ...(subAttributes && { subAttributes }) })
  })
  return { ...schema, attributes }
}

function exact<Input extends AttributeInput | SubAttributeInput>(attribute: Input): Input {
  return attribute.type === 'reference' || attribute.type === 'binary' ? { ...attribute, caseExact: true } : attribute
}

/** A complex attribute that may have several values. */
export function plural(name: string, description: string, subAttributes: SubAttributeInput[]): AttributeInput {
  return { name, type: 'complex', multiValued: true, description, subAttributes }
}

/**
 * The sub-attributes RFC 7643 §2.4 gives a multi-valued attribute: `value` as told, then display, type and primary.
 * `types` are suggestions (canonicalValues); none where the RFC suggests none.
 */
export function valueDisplayTypePrimary(value: Omit<SubAttributeInput, 'name'>, types?: string[]): SubAttributeInput[] {
  return [
    { ...value, name: 'value' },
    { name: 'display', description: 'The value in a form for people to read.' },
    typeLabel(types),
    primaryFlag,
  ]
}

/** `type`: what the value is used for. */
export function typeLabel(types?: string[]): SubAttributeInput {
  return { name: 'type', description: 'What the value is for.', ...(types && { canonicalValues: types }) }
}

/** `primary`: true for the preferred value, and for at most one of them. */
export const primaryFlag: SubAttributeInput = {
  name: 'primary',
  type: 'boolean',
  description: 'Whether this is the preferred value; true at most once.',
}
