import { z } from 'zod'
import { connection, connectionList, newConnection } from '../contract/connection.js'
import { createdOrganization, newOrganization, organizationPage } from '../contract/organization.js'
import { issuedToken, newToken, rotation, token, tokenList } from '../contract/token.js'
import type { Endpoint } from '../http/endpoint.js'
import { checkInput } from '../http/validate.js'
import { connectionRows } from './connection-endpoints.js'
import { type OperatorCaller, type Row, reads } from './row.js'
import { schemaRows } from './schema-endpoints.js'

/** Every operation of the operator door, as data. */

const page = z.object({
  after: z.string().max(63).default('').describe('Short name after which the page begins: `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(100).describe('Most organizations to list.'),
})

const organizations = '/organizations'
const connections = `${organizations}/:org/connections`
const tokens = `${connections}/:connection/tokens`

const rows: readonly Row[] = [
  {
    id: 'organizations.create',
    method: 'POST',
    path: organizations,
    summary: 'Set up an organization, with a SCIM connection and a token for it where asked',
    reply: [201, 'What was created.', createdOrganization],
    ...reads(newOrganization, (api, _, input) => api.createOrganization(input)),
  },
  {
    id: 'organizations.list',
    method: 'GET',
    path: organizations,
    summary: 'List organizations in order of their short names',
    reply: [200, 'A page of organizations.', organizationPage],
    querySchema: page,
    run: (api, _, call) => api.listOrganizations(checkInput(page, Object.fromEntries(call.query))),
  },
  {
    id: 'connections.create',
    method: 'POST',
    path: connections,
    summary: 'Set up a SCIM connection',
    reply: [201, 'The connection.', connection],
    ...reads(newConnection, (api, { org }, input) => api.createConnection(org, input)),
  },
  {
    id: 'connections.list',
    method: 'GET',
    path: connections,
    summary: 'List the connections of an organization',
    reply: [200, 'The connections.', connectionList],
    run: (api, { org }) => api.listConnections(org),
  },
  {
    id: 'connections.pause',
    method: 'POST',
    path: `${connections}/:connection/pause`,
    summary: 'Put off all changes of a connection until it is resumed',
    reply: [200, 'The paused connection.', connection],
    run: (api, place) => api.pauseConnection(place.org, place.connection),
  },
  {
    id: 'connections.resume',
    method: 'POST',
    path: `${connections}/:connection/resume`,
    summary: 'Let a paused connection change things again',
    reply: [200, 'The active connection.', connection],
    run: (api, place) => api.resumeConnection(place.org, place.connection),
  },
  {
    id: 'tokens.create',
    method: 'POST',
    path: tokens,
    summary: 'Make a bearer token of a connection; its secret is told this once',
    reply: [201, 'The token with its secret.', issuedToken],
    ...reads(newToken, (api, place, input) => api.createToken(place.org, place.connection, input)),
  },
  {
    id: 'tokens.list',
    method: 'GET',
    path: tokens,
    summary: 'List the tokens of a connection, the dead included',
    reply: [200, 'The tokens.', tokenList],
    run: (api, place) => api.listTokens(place.org, place.connection),
  },
  {
    id: 'tokens.rotate',
    method: 'POST',
    path: `${tokens}/:token/rotate`,
    summary: 'Give a token a successor and let it end after an overlap',
    reply: [201, 'The successor with its secret.', issuedToken],
    ...reads(rotation, (api, place, input) => api.rotateToken(place.org, place.connection, place.token, input)),
  },
  {
    id: 'tokens.revoke',
    method: 'POST',
    path: `${tokens}/:token/revoke`,
    summary: 'End a token at once',
    reply: [200, 'The revoked token.', token],
    run: (api, place) => api.revokeToken(place.org, place.connection, place.token),
  },
  ...connectionRows,
  ...schemaRows,
]

export const operatorEndpoints: readonly Endpoint<OperatorCaller>[] = rows.map(({ reply, run, ...row }) => {
  const [status, description, schema] = reply
  return {
    ...row,
    id: `operator.${row.id}`,
    access: `operator.${row.id}`,
    body: row.bodySchema ? 'json' : 'none',
    replies: {
      [status]: { description, schema },
      ...(row.method !== 'GET' && { 409: { description: 'What is there stands against it.' } }),
    },
    handle: async (caller, call) => {
      const { org = '', connection = '', token = '' } = call.params
      return { status, body: await run(caller.api(call.requestId), { org, connection, token }, call) }
    },
  }
})
