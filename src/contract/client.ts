import { z } from 'zod'
import { tokenName, tokenScopes } from './token.js'

/** OAuth 2.0 clients of connections on the wire. The secret is told once, in the reply to the call that made it. */

export const newClient = z
  .strictObject({
    name: tokenName.default('SCIM'),
    scopes: z
      .array(z.enum(tokenScopes))
      .min(1)
      .default([...tokenScopes])
      .describe('What its access tokens may do; everything where none is given.'),
  })
  .meta({ id: 'NewClient', description: 'A client to make.' })

export const client = z
  .strictObject({
    id: z.string().describe('The client_id.'),
    connectionId: z.string().describe('The connection it speaks for.'),
    name: z.string().describe('Name for people.'),
    hint: z.string().describe('End of the secret, to tell clients apart.'),
    scopes: z.array(z.enum(tokenScopes)).describe('What its access tokens may do.'),
    state: z.enum(['live', 'revoked']).describe('Whether it works.'),
    createdAt: z.string().describe('When it was made (RFC 3339).'),
    lastUsedAt: z.string().nullable().describe('When it last drew an access token.'),
    revokedAt: z.string().nullable().describe('When somebody ended it, and its access tokens with it.'),
  })
  .meta({ id: 'Client', description: 'An OAuth 2.0 client of a connection, without its secret.' })

export const issuedClient = z
  .strictObject({
    secret: z.string().describe('The client_secret; shown this once.'),
    tokenUrl: z.string().describe('Where it draws access tokens (RFC 6749 §4.4).'),
    client,
  })
  .meta({ id: 'IssuedClient', description: 'A new client.' })

export const clientList = z
  .strictObject({ items: z.array(client).describe('All clients, the revoked included, in order of creation.') })
  .meta({ id: 'ClientList', description: 'The OAuth 2.0 clients of a connection.' })

export type NewClient = z.output<typeof newClient>
export type ClientView = z.output<typeof client>
export type IssuedClient = z.output<typeof issuedClient>
export type ClientList = z.output<typeof clientList>
