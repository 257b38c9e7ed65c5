import { z } from 'zod'
import { attributeDefinition } from './attribute-definition.js'

/** An organization's own attributes on the wire. */

const builtIn = /^urn:ietf:params:scim:(schemas:core|schemas:extension:enterprise|api):/i

const urn = z
  .string()
  .max(200)
  .regex(
    /^urn:[a-z0-9][a-z0-9-]{0,30}(:[a-z0-9._-]+)+$/i,
    'a URN of letters, digits, ".", "_", "-" and ":", e.g. urn:acme:scim:2.0:User',
  )
  .refine((value) => !builtIn.test(value), 'this URN belongs to a schema of the standard')
  .describe('Name of the extension, compared without case.')

const fresh = (names: readonly { readonly name: string }[]): boolean =>
  new Set(names.map(({ name }) => name.toLowerCase())).size === names.length

export const schemaExtension = z
  .strictObject({
    urn,
    resourceType: z.enum(['User', 'Group']).describe('What gets the attributes.'),
    name: z.string().trim().min(1).max(100).describe('Name for people.'),
    description: z.string().max(2000).default('').describe('What it is for.'),
    required: z.boolean().default(false).describe('Whether every resource must carry the extension.'),
    attributes: z
      .array(attributeDefinition)
      .min(1)
      .max(100)
      .refine((all) => fresh(all) && all.every((one) => fresh(one.subAttributes ?? [])), 'two attributes have the same name')
      .describe('Attributes as RFC 7643 §7 defines them.'),
  })
  .describe('An extension schema of an organization.')

export const extensionList = z
  .strictObject({ items: z.array(schemaExtension).describe('All extensions.') })
  .describe('The extension schemas of an organization.')

export type ExtensionView = z.output<typeof schemaExtension>
export type ExtensionList = z.output<typeof extensionList>
