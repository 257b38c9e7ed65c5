import { oauthError } from '../contract/oauth.js'
import type { DocumentedDoor } from '../http/openapi.js'
import { type OauthDoorDeps, oauthEndpoints, oauthWire } from './oauth-door.js'

/** The token endpoint in the OpenAPI document. */
export const oauthDocument: DocumentedDoor = {
  ...oauthWire,
  description: 'OAuth 2.0 client credentials (RFC 6749 §4.4), for connections that have a client.',
  scheme: 'basic',
  token: 'client_id and client_secret (gatehouse client create); they may be in the body instead.',
  // Nothing is ever called: an endpoint says what it is without them.
  endpoints: oauthEndpoints({} as OauthDoorDeps),
  segments: { org: 'Short name of the organization.' },
  refusal: { contentType: oauthWire.contentType, schema: oauthError },
  schemas: {},
  describe: () => ({}),
}
