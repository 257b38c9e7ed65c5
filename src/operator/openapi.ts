import { problem } from '../contract/problem.js'
import type { DocumentedDoor } from '../http/openapi.js'
import { operatorEndpoints } from './endpoints.js'
import { operatorWire } from './wire.js'

/** The operator door in the OpenAPI document; its contracts say everything. */
export const operatorDocument: DocumentedDoor = {
  ...operatorWire,
  description: 'Organizations, connections and tokens, for whoever runs the installation.',
  token: 'An operator token (gatehouse operator-token create).',
  endpoints: operatorEndpoints,
  segments: {
    org: 'Short name of the organization.',
    connection: 'Id or name of the connection.',
    token: 'Id of the token.',
    type: 'Name of the resource type.',
    urn: 'URN of the schema.',
    client: 'The client_id.',
  },
  refusal: { contentType: 'application/problem+json', schema: problem },
  schemas: {},
  describe: () => ({}),
}
