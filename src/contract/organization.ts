import { z } from 'zod'
import { connectionName, profile } from './connection.js'

/** Organizations on the wire. */

/** `v2` and its like would be mistaken for a version of the protocol in an address. */
const organizationSlug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'small letters, digits and "-" between them, at most 63 in all')
  .refine((slug) => !/^v[0-9]+$/.test(slug), 'a version number cannot be a short name')
  .describe('Short name in every address of the organization; it never changes.')

export const newOrganization = z
  .strictObject({
    slug: organizationSlug,
    name: z.string().trim().min(1).max(200).optional().describe('Name for people; the slug where none is given.'),
    scim: z
      .strictObject({ name: connectionName.default('SCIM'), profile: profile.default('generic') })
      .optional()
      .describe('Where given, a SCIM connection and a token for it are created too.'),
  })
  .meta({ id: 'NewOrganization', description: 'An organization to set up.' })

export const organization = z
  .strictObject({
    id: z.string().describe('Identifier of the organization.'),
    slug: z.string().describe('Short name in every address of the organization.'),
    name: z.string().describe('Name for people.'),
    createdAt: z.string().describe('When it was set up (RFC 3339).'),
  })
  .meta({ id: 'Organization', description: 'An organization.' })

export const createdOrganization = z
  .strictObject({
    organization,
    scim: z
      .strictObject({
        baseUrl: z.string().describe('SCIM address to enter at the identity provider.'),
        token: z.string().describe('Bearer token to enter at the identity provider; shown this once.'),
        tokenId: z.string().describe('Identifier of the token.'),
        connectionId: z.string().describe('Identifier of the connection.'),
      })
      .optional()
      .describe('The SCIM connection, where one was asked for.'),
  })
  .meta({ id: 'CreatedOrganization', description: 'What was created.' })

export const organizationPage = z
  .strictObject({
    items: z.array(organization).describe('Organizations in order of slug.'),
    next: z.string().optional().describe('Value of `after` that asks for the next page; absent on the last one.'),
  })
  .meta({ id: 'OrganizationPage', description: 'A page of organizations.' })

export type NewOrganization = z.output<typeof newOrganization>
export type OrganizationView = z.output<typeof organization>
export type CreatedOrganization = z.output<typeof createdOrganization>
export type OrganizationPage = z.output<typeof organizationPage>
