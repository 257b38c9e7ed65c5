import type { OperatorApi } from '../operator/api.js'
import { AppError, type InputFault } from '../platform/errors.js'

/** The operator's work, asked of a running server. What comes back is believed: it is our own door that answers. */

type Problem = {
  readonly type?: string
  readonly detail?: string
  readonly title?: string
  readonly errors?: readonly InputFault[]
}

const patience = 30_000

function refusal(url: string, status: number, problem: Problem): Error {
  if (status === 401) return new Error(`The server at ${url} does not accept the operator token. Check GATEHOUSE_OPERATOR_TOKEN.`)
  const code = problem.type?.replace('urn:gatehouse:problem:', '') ?? 'http'
  const kind = code === 'input_invalid' ? 'invalid' : 'conflict'
  const faults = problem.errors ?? []
  return new AppError(kind, code, problem.detail ?? `The server answered ${status}.`, { faults })
}

/** @param url address of the server, with or without a slash at its end */
export function remoteApi(url: string, token: string): OperatorApi {
  const base = `${url.replace(/\/+$/, '')}/operator/v1`

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) }
    const init = { method, headers, signal: AbortSignal.timeout(patience), ...(body && { body: JSON.stringify(body) }) }
    const reply = await fetch(base + path, init).catch((cause: unknown) => {
      throw new Error(`No server answers at ${url}. Is it running, and is GATEHOUSE_URL right?`, { cause })
    })
    const answer = (await reply.json().catch(() => ({}))) as T & Problem
    if (!reply.ok) throw refusal(url, reply.status, answer)
    return answer
  }

  const part = encodeURIComponent
  const organization = (slug: string) => `/organizations/${part(slug)}`
  const connection = (slug: string, name: string) => `${organization(slug)}/connections/${part(name)}`
  const tokenOf = (slug: string, name: string, id: string) => `${connection(slug, name)}/tokens/${part(id)}`

  return {
    createOrganization: (input) => call('POST', '/organizations', input),
    listOrganizations: ({ after, limit }) => call('GET', `/organizations?after=${part(after)}&limit=${limit}`),
    createConnection: (slug, input) => call('POST', `${organization(slug)}/connections`, input),
    listConnections: (slug) => call('GET', `${organization(slug)}/connections`),
    pauseConnection: (slug, name) => call('POST', `${connection(slug, name)}/pause`),
    resumeConnection: (slug, name) => call('POST', `${connection(slug, name)}/resume`),
    configureConnection: (slug, name, input) => call('PATCH', connection(slug, name), input),
    releaseConnection: (slug, name, input) => call('POST', `${connection(slug, name)}/release`, input),
    rejectHeldChange: (slug, name, input) => call('POST', `${connection(slug, name)}/reject`, input),
    createClient: (slug, name, input) => call('POST', `${connection(slug, name)}/clients`, input),
    listClients: (slug, name) => call('GET', `${connection(slug, name)}/clients`),
    revokeClient: (slug, name, id) => call('POST', `${connection(slug, name)}/clients/${part(id)}/revoke`),
    createToken: (slug, name, input) => call('POST', `${connection(slug, name)}/tokens`, input),
    listTokens: (slug, name) => call('GET', `${connection(slug, name)}/tokens`),
    rotateToken: (slug, name, id, input) => call('POST', `${tokenOf(slug, name, id)}/rotate`, input),
    revokeToken: (slug, name, id) => call('POST', `${tokenOf(slug, name, id)}/revoke`),
    defineExtension: (slug, input, onLoss) => call('POST', `${organization(slug)}/schema-extensions?onLoss=${onLoss}`, input),
    listExtensions: (slug) => call('GET', `${organization(slug)}/schema-extensions`),
    removeExtension: (slug, { resourceType, urn }, onLoss) =>
      call('DELETE', `${organization(slug)}/schema-extensions/${part(resourceType)}/${part(urn)}?onLoss=${onLoss}`),
    defineResourceType: (slug, input, onLoss) => call('POST', `${organization(slug)}/resource-types?onLoss=${onLoss}`, input),
    listResourceTypes: (slug) => call('GET', `${organization(slug)}/resource-types`),
    showResourceType: (slug, name) => call('GET', `${organization(slug)}/resource-types/${part(name)}`),
    removeResourceType: (slug, name) => call('DELETE', `${organization(slug)}/resource-types/${part(name)}`),
  }
}
