import { z } from 'zod'

/** Attribute characteristics as RFC 7643 §2.2 and §7 name them. One definition serves validation, filter, PATCH and discovery. */

const name = z
  .string()
  .regex(/^\$?[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, "-" or "_", at most 64 in all')
  // What every JavaScript object inherits would look like a value where there is none.
  .refine((value) => !(value in {}) && !['constructor', 'prototype'].includes(value.toLowerCase()), 'this name is reserved')

const characteristics = {
  name,
  description: z.string().max(2000).default(''),
  multiValued: z.boolean().default(false),
  required: z.boolean().default(false),
  caseExact: z.boolean().default(false),
  mutability: z.enum(['readOnly', 'readWrite', 'immutable', 'writeOnly']).default('readWrite'),
  returned: z.enum(['always', 'never', 'default', 'request']).default('default'),
  uniqueness: z.enum(['none', 'server', 'global']).default('none'),
  canonicalValues: z.array(z.string()).optional(),
  referenceTypes: z.array(z.string()).optional(),
}

const simpleType = z.enum(['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'])

const subAttribute = z.strictObject({ ...characteristics, type: simpleType.default('string') })

/** One attribute; `complex` carries sub-attributes, which are never complex themselves (RFC 7643 §2.3.8). */
export const attributeDefinition = z
  .strictObject({
    ...characteristics,
    type: z.enum([...simpleType.options, 'complex']).default('string'),
    subAttributes: z.array(subAttribute).optional(),
  })
  .refine((attribute) => (attribute.type === 'complex') === (attribute.subAttributes !== undefined), {
    message: 'subAttributes belong to type complex, and complex needs them',
  })

export type AttributeDefinition = z.output<typeof attributeDefinition>
export type AttributeType = AttributeDefinition['type']

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
