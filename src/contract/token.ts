import { z } from 'zod'

/** Bearer tokens on the wire. The secret is told once, in the reply to the call that made it. */

export const tokenScopes = [
  'users:read',
  'users:write',
  'groups:read',
  'groups:write',
  'resources:read',
  'resources:write',
] as const

export type TokenScope = (typeof tokenScopes)[number]

const mostHours = 90 * 24

export const tokenName = z.string().trim().min(1).max(100).describe('Name for people.')

export const expiresAt = z.iso
  .datetime({ offset: true })
  .describe('When the token stops working (RFC 3339); never where none is given.')

const instant = z.string().nullable()

export const newToken = z
  .strictObject({
    name: tokenName.default('SCIM'),
    scopes: z
      .array(z.enum(tokenScopes))
      .min(1)
      .default([...tokenScopes])
      .describe('What the token may do; everything where none is given.'),
    expiresAt: expiresAt.optional(),
    user: z
      .string()
      .trim()
      .min(1)
      .max(1000)
      .optional()
      .describe('Id or userName of the user the token stands for (what /Me means); nobody where none is given.'),
  })
  .meta({ id: 'NewToken', description: 'A token to make.' })

export const rotation = z
  .strictObject({
    overlapHours: z.int().min(0).max(mostHours).default(168).describe('How long the old token goes on working, in hours.'),
    expiresAt: expiresAt.optional(),
  })
  .meta({ id: 'Rotation', description: 'How a token is replaced.' })

export const token = z
  .strictObject({
    id: z.string().describe('Identifier of the token.'),
    connectionId: z.string().describe('The connection the token speaks for.'),
    name: z.string().describe('Name for people.'),
    hint: z.string().describe('End of the secret, to tell tokens apart.'),
    scopes: z.array(z.enum(tokenScopes)).describe('What the token may do.'),
    userId: z.string().nullable().describe('The user it stands for.'),
    state: z
      .enum(['live', 'expired', 'revoked'])
      .describe('Whether it works; revoked also where the user it stands for was switched off or left.'),
    createdAt: z.string().describe('When it was made (RFC 3339).'),
    expiresAt: instant.describe('When it stops working by itself.'),
    daysLeft: z.int().nullable().describe('Whole days until then, where it is 30 or fewer and the token works.'),
    lastUsedAt: instant.describe('When it was last used, true to a minute.'),
    revokedAt: instant.describe('When somebody ended it.'),
  })
  .meta({ id: 'Token', description: 'A bearer token of a connection, without its secret.' })

export const issuedToken = z
  .strictObject({ secret: z.string().describe('The token itself; shown this once.'), token })
  .meta({ id: 'IssuedToken', description: 'A new token.' })

export const tokenList = z
  .strictObject({ items: z.array(token).describe('All tokens, the dead included, in order of creation.') })
  .meta({ id: 'TokenList', description: 'The tokens of a connection.' })

export type NewToken = z.output<typeof newToken>
export type Rotation = z.output<typeof rotation>
export type TokenView = z.output<typeof token>
export type IssuedToken = z.output<typeof issuedToken>
export type TokenList = z.output<typeof tokenList>
