import { authorizeToken, tokenAllows } from '../access/index.js'
import { authenticateToken, brakedJournal, type TokenUse } from '../connections/index.js'
import type { CallRequest, Door } from '../http/endpoint.js'
import { readJson } from '../http/json.js'
import { AppError } from '../platform/errors.js'
import { installationKeys } from '../platform/installation-keys.js'
import { readToken } from '../platform/secrets.js'
import { type AdmissionDeps, admitCall, countingBulk, namedTurns } from './admission.js'
import { mostOperations } from './bulk-request.js'
import type { ScimCaller } from './caller.js'
import { createCursors } from './cursor.js'
import { declaredEndpoints } from './declared-endpoints.js'
import { switchesOf } from './dialects/profiles.js'
import { type EndpointDeps, scimEndpoints } from './endpoints.js'
import { renderError } from './errors.js'
import { organizationTypes } from './extensions.js'
import { mostKeys } from './keys.js'
import { type ObserverDeps, provisioningObserver } from './provision-log.js'
import { notingJournal, openNotes } from './provision-log-notes.js'
import { scimWire } from './wire.js'

/** The SCIM 2.0 door. A bearer token names organization and connection; the organization in the path must be the same. */

export type ScimDoorDeps = Omit<EndpointDeps, 'cursors'> &
  ObserverDeps &
  AdmissionDeps & {
    /** The address clients use, without a slash at its end. */
    readonly publicUrl: () => string
    readonly tokenUse: TokenUse
  }

/** Elements of lists that no request needs more of; reading stops at the next one. */
const longest = { Operations: mostOperations, schemas: 100, attributes: 500, excludedAttributes: 500 }

function unauthenticated(detail: string): AppError {
  return new AppError('unauthenticated', 'token_refused', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="scim"' } })
}

function bearerOf(request: CallRequest): string {
  const [, token] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? []
  if (!token) throw unauthenticated('Send the bearer token of this connection: "Authorization: Bearer …".')
  return token
}

export function scimDoor(deps: ScimDoorDeps): Door<ScimCaller> {
  const typesOf = organizationTypes(deps.db)
  const keys = installationKeys(deps.db)
  const cursors = createCursors({ secret: () => keys('scim-cursors'), clock: deps.clock })
  const noting = notingJournal(brakedJournal(deps.journal))

  const endpointDeps = { ...deps, journal: noting.journal, cursors }

  const authenticate = async (request: CallRequest): Promise<ScimCaller> => {
    const presented = readToken(bearerOf(request))
    const known = presented && (await authenticateToken(deps.db, presented))
    // One sentence for every reason: which part was wrong is for the log of whoever runs the server.
    if (!known || known.slug !== request.params.org) {
      throw unauthenticated(
        'The bearer token is not valid for this organization: it is mistyped, expired, revoked, or of another organization.',
      )
    }
    if (known.token.kind === 'connection_token') deps.tokenUse.note(known)
    const notes = openNotes(known.connection.profile)
    return {
      scope: { orgId: known.orgId, connectionId: known.connection.id },
      connection: { ...known.connection, orgId: known.orgId },
      tokenId: known.token.id,
      userId: known.userId,
      switches: switchesOf(known.connection.profile, known.connection.switches),
      baseUrl: `${deps.publicUrl()}/scim/v2/${known.slug}`,
      types: await typesOf(known.orgId, known.schemaVersion),
      allows: (action) => tokenAllows(known, action),
      authority: (action, requestId) => noting.noteFor(authorizeToken(known, action, requestId), notes),
      notes,
    }
  }

  return {
    ...scimWire,
    endpoints: scimEndpoints(endpointDeps).map((endpoint) => countingBulk(deps.limits, endpoint)),
    endpointsOf: declaredEndpoints(endpointDeps),
    authenticate,
    admit: (caller, request) => admitCall(deps, caller.connection, request),
    turnOf: namedTurns(),
    authorize: (caller, access, request) => void caller.authority(access, request.requestId),
    describe: ({ scope }) => ({ organization: scope.orgId, connection: scope.connectionId }),
    parse: (text) => readJson(text, { longest, keys: mostKeys }),
    renderError,
    observe: provisioningObserver(deps),
  }
}
