import { z } from 'zod'
import { attributeDefinition } from './attribute-definition.js'

/** What every schema of an organization is written with: its name, its attributes, and what a change of it would break. */

const builtIn = /^urn:ietf:params:scim:(schemas:core|schemas:extension:enterprise|api):/i

export const schemaUrn = z
  .string()
  .max(200)
  .regex(
    // Without the flag for case: JSON Schema has none.
    /^[Uu][Rr][Nn]:[A-Za-z0-9][A-Za-z0-9-]{0,30}(:[A-Za-z0-9._-]+)+$/,
    'a URN of letters, digits, ".", "_", "-" and ":", e.g. urn:acme:scim:2.0:User',
  )
  .refine((value) => !builtIn.test(value), 'this URN belongs to a schema of the standard')
  .describe('Name of the schema, compared without case.')

export const schemaName = z.string().trim().min(1).max(100).describe('Name for people.')

export const prose = z.string().max(2000).default('').describe('What it is for.')

export const resourceTypeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, "-" or "_", at most 64 in all')

const fresh = (names: readonly { readonly name: string }[]): boolean =>
  new Set(names.map(({ name }) => name.toLowerCase())).size === names.length

export const attributeList = z
  .array(attributeDefinition)
  .min(1)
  .max(100)
  .refine((all) => fresh(all) && all.every((one) => fresh(one.subAttributes ?? [])), 'two attributes have the same name')
  .describe('Attributes as RFC 7643 §7 defines them.')

/** Whether a change may go on where resources hold what would no longer fit. */
export const onLoss = z.enum(['refuse', 'accept'])

export type OnLoss = z.output<typeof onLoss>

const difference = z
  .strictObject({
    attribute: z.string().describe('Path of the attribute, or URN or name of what has changed as a whole.'),
    change: z.string().describe('What is different, in words.'),
    resources: z.int().describe('How many resources hold data that does not fit.'),
    effect: z
      .enum(['none', 'dropped', 'kept'])
      .describe('What becomes of that data: it is dropped, or it stays until its resource is next written.'),
  })
  .describe('One difference between a definition and the one before.')

export const differenceList = z.array(difference).describe('What is different from before.')

export type DifferenceView = z.output<typeof difference>
