import { z } from 'zod'

/** The token endpoint on the wire: RFC 6749 §4.4 and §5. Its requests are forms. */

export const accessTokenRequest = z
  .object({
    grant_type: z.literal('client_credentials').describe('The only grant there is.'),
    client_id: z.string().optional().describe('The client, where it is not named in a Basic Authorization header.'),
    client_secret: z.string().optional().describe('Its secret, likewise.'),
    scope: z
      .string()
      .optional()
      .describe('What the token shall be able to do, separated by spaces; everything where it is missing or "scim".'),
  })
  .meta({ id: 'AccessTokenRequest', description: 'A request for an access token.' })

export const accessToken = z
  .strictObject({
    access_token: z.string().describe('The bearer token.'),
    token_type: z.literal('Bearer').describe('How it is sent.'),
    expires_in: z.int().describe('Seconds that it works.'),
    scope: z.string().describe('What it may do, separated by spaces.'),
  })
  .meta({ id: 'AccessToken', description: 'An access token.' })

export const oauthErrors = [
  'invalid_request',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'temporarily_unavailable',
] as const

export const oauthError = z
  .strictObject({
    error: z.enum(oauthErrors).describe('What is wrong (RFC 6749 §5.2).'),
    error_description: z.string().describe('The same for people.'),
  })
  .meta({ id: 'OauthError', description: 'A refusal (RFC 6749 §5.2).' })
