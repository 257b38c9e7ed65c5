import { z } from 'zod'
import { brake } from './connection-settings.js'

/** Connections on the wire. */

/** Names of the dialects a SCIM connection may speak; what each one does differently is said in scim/dialects. */
export const profileNames = ['generic', 'rfc', 'entra', 'entra-legacy', 'okta-oin', 'okta-aiw'] as const

export type ProfileName = (typeof profileNames)[number]

export const profile = z.enum(profileNames).describe('The dialect the identity provider speaks.')

export const connectionName = z.string().trim().min(1).max(100).describe('Name for people, unique in the organization.')

export const newConnection = z
  .strictObject({ name: connectionName, profile: profile.default('generic') })
  .meta({ id: 'NewConnection', description: 'A SCIM connection to set up.' })

export const connection = z
  .strictObject({
    id: z.string().describe('Identifier of the connection.'),
    kind: z.literal('scim').describe('What is spoken over it.'),
    name: z.string().describe('Name for people.'),
    profile,
    status: z.enum(['active', 'paused']).describe('A paused connection answers reads and puts off changes.'),
    pause: z
      .strictObject({
        by: z.enum(['administrator', 'brake']).describe('Who paused it.'),
        reason: z.string().nullable().describe('Why, in a sentence.'),
      })
      .nullable()
      .describe('Why it is paused, where it is.'),
    requestsPerSecond: z.int().nullable().describe('Requests a second that are answered; null is the installation’s own figure.'),
    allowedFrom: z.array(z.string()).describe('Ranges of addresses from where calls are answered; empty is from anywhere.'),
    brake,
    verdict: z
      .strictObject({
        kind: z.enum(['released', 'rejected']).describe('Whether the brake lets through or refuses what it would hold.'),
        until: z.string().describe('Until when (RFC 3339).'),
      })
      .nullable()
      .describe('What was last decided about held changes, as long as it holds.'),
    scimBaseUrl: z.string().describe('SCIM address to enter at the identity provider.'),
    createdAt: z.string().describe('When it was set up (RFC 3339).'),
  })
  .meta({ id: 'Connection', description: 'A configured channel to an identity provider.' })

export const connectionList = z
  .strictObject({ items: z.array(connection).describe('All connections, in order of name.') })
  .meta({ id: 'ConnectionList', description: 'The connections of an organization.' })

export type NewConnection = z.output<typeof newConnection>
export type ConnectionView = z.output<typeof connection>
export type ConnectionList = z.output<typeof connectionList>
