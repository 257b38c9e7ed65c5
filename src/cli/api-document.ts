import { type OpenApiDocument, openApiDocument } from '../http/openapi.js'
import { operatorDocument } from '../operator/openapi.js'
import { oauthDocument } from '../scim/oauth-openapi.js'
import { scimDocument } from '../scim/openapi.js'

/** The OpenAPI document of everything the server serves. Needs no database: it is made from the lists the doors are made from. */
export function apiDocument(): OpenApiDocument {
  const info = {
    title: 'Gatehouse',
    version: '0.1.0',
    description: 'Every GET is answered to HEAD too, without a body. Every reply carries an X-Request-Id.',
  }
  return openApiDocument(info, [scimDocument, oauthDocument, operatorDocument])
}
