import { z } from 'zod'

/** Attribute characteristics as RFC 7643 §2.2 and §7 name them. One definition serves validation, filter, PATCH and discovery. */

const name = z
  .string()
  .regex(/^\$?[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, "-" or "_", at most 64 in all')
  // What every JavaScript object inherits would look like a value where there is none.
  .refine((value) => !(value in {}) && !['constructor', 'prototype'].includes(value.toLowerCase()), 'this name is reserved')
  .describe('Name of the attribute.')

const characteristics = {
  name,
  description: z.string().max(2000).default('').describe('What it is for.'),
  multiValued: z.boolean().default(false).describe('Whether it may have several values.'),
  required: z.boolean().default(false).describe('Whether every resource must have it.'),
  caseExact: z.boolean().default(false).describe('Whether its values compare with case.'),
  mutability: z
    .enum(['readOnly', 'readWrite', 'immutable', 'writeOnly'])
    .default('readWrite')
    .describe('Who may change it, and when.'),
  returned: z.enum(['always', 'never', 'default', 'request']).default('default').describe('When it is answered.'),
  uniqueness: z.enum(['none', 'server', 'global']).default('none').describe('Among what its values are unique.'),
  canonicalValues: z.array(z.string()).optional().describe('Values that are suggested; others are taken too.'),
  referenceTypes: z.array(z.string()).optional().describe('What it may refer to.'),
}

const simpleType = z.enum(['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'])

const subAttribute = z
  .strictObject({ ...characteristics, type: simpleType.default('string').describe('What its values are.') })
  .meta({ id: 'SubAttributeDefinition', description: 'A part of a complex attribute.' })

/** One attribute; `complex` carries sub-attributes, which are never complex themselves (RFC 7643 §2.3.8). */
export const attributeDefinition = z
  .strictObject({
    ...characteristics,
    type: z
      .enum([...simpleType.options, 'complex'])
      .default('string')
      .describe('What its values are.'),
    subAttributes: z.array(subAttribute).optional().describe('The parts of a complex attribute.'),
  })
  .refine((attribute) => (attribute.type === 'complex') === (attribute.subAttributes !== undefined), {
    message: 'subAttributes belong to type complex, and complex needs them',
  })
  .meta({ id: 'AttributeDefinition', description: 'An attribute (RFC 7643 §7).' })

export type AttributeDefinition = z.output<typeof attributeDefinition>

/** A schema: RFC 7643 §7. */
export type Schema = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly AttributeDefinition[]
}

/** A resource type: RFC 7643 §6. `endpoint` starts with "/". */
export type ResourceType = {
  readonly id: string
  readonly name: string
  readonly endpoint: string
  readonly description: string
  readonly schema: Schema
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[]
}
