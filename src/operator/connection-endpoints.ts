import { client, clientList, issuedClient, newClient } from '../contract/client.js'
import { connection } from '../contract/connection.js'
import { connectionSettings, rejection, release } from '../contract/connection-settings.js'
import { type Row, reads } from './row.js'

/** Operations on a connection that is there: its settings, what its brake holds, its OAuth 2.0 clients. */

const one = '/organizations/:org/connections/:connection'
const clients = `${one}/clients`

export const connectionRows: readonly Row[] = [
  {
    id: 'connections.configure',
    method: 'PATCH',
    path: one,
    summary: 'Set how much a connection may ask for, from where, and when its brake holds',
    reply: [200, 'The connection as it now is.', connection],
    ...reads(connectionSettings, (api, place, input) => api.configureConnection(place.org, place.connection, input)),
  },
  {
    id: 'connections.release',
    method: 'POST',
    path: `${one}/release`,
    summary: 'Let through what the brake of a connection holds, for some hours',
    reply: [200, 'The active connection.', connection],
    ...reads(release, (api, place, input) => api.releaseConnection(place.org, place.connection, input)),
  },
  {
    id: 'connections.reject',
    method: 'POST',
    path: `${one}/reject`,
    summary: 'Refuse what the brake of a connection held, and let everything else go on',
    reply: [200, 'The active connection.', connection],
    ...reads(rejection, (api, place, input) => api.rejectHeldChange(place.org, place.connection, input)),
  },
  {
    id: 'clients.create',
    method: 'POST',
    path: clients,
    summary: 'Make an OAuth 2.0 client of a connection; its secret is told this once',
    reply: [201, 'The client with its secret.', issuedClient],
    ...reads(newClient, (api, place, input) => api.createClient(place.org, place.connection, input)),
  },
  {
    id: 'clients.list',
    method: 'GET',
    path: clients,
    summary: 'List the OAuth 2.0 clients of a connection, the revoked included',
    reply: [200, 'The clients.', clientList],
    run: (api, place) => api.listClients(place.org, place.connection),
  },
  {
    id: 'clients.revoke',
    method: 'POST',
    path: `${clients}/:client/revoke`,
    summary: 'End a client and its access tokens at once',
    reply: [200, 'The revoked client.', client],
    run: (api, place, call) => api.revokeClient(place.org, place.connection, call.params.client ?? ''),
  },
]
