import type { z } from 'zod'
import type { Door, Endpoint } from './endpoint.js'
import { pattern } from './match.js'
import { createContracts, type JsonSchema, propertiesOf, refTo } from './openapi-contracts.js'
import { statusOf } from './status.js'

/**
 * The OpenAPI 3.1 document of all doors, made from the endpoint lists that serve and the contracts that check, so that neither can say
 * something else than the server does. Pure: the same lists give the same document.
 */

export type DocumentedEndpoint = Omit<Endpoint<never>, 'handle'>

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description: string
  readonly required?: true
  readonly schema: JsonSchema
  readonly style?: 'form'
  readonly explode?: false
}

/** Response headers by name. */
export type Headers = Readonly<Record<string, { readonly description: string; readonly required?: true }>>

/** What an endpoint itself does not say, for doors whose wire is not described by contracts. */
export type Description = {
  readonly parameters?: readonly Parameter[]
  readonly body?: JsonSchema
  readonly replies?: Readonly<Record<number, { readonly schema?: JsonSchema; readonly headers?: Headers }>>
}

export type DocumentedDoor = Pick<Door<never>, 'name' | 'prefixes' | 'contentType' | 'accepts'> & {
  readonly description: string
  /** How callers say who they are; by a bearer token where nothing is said. */
  readonly scheme?: 'basic'
  /** What its token is. */
  readonly token: string
  readonly endpoints: readonly DocumentedEndpoint[]
  /** What the named segments of its paths are. */
  readonly segments: Readonly<Record<string, string>>
  readonly refusal: { readonly contentType: string; readonly schema: z.ZodType | JsonSchema }
  /** Components of its own, by name. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly describe: (endpoint: DocumentedEndpoint) => Description
}

export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly 'x-access': string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Response | JsonSchema>>
}

export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>
export type Response = {
  readonly description: string
  readonly headers?: Readonly<
    Record<string, { readonly description: string; readonly required?: true; readonly schema: JsonSchema }>
  >
  readonly content?: Content
}

export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>
    readonly responses: Readonly<Record<string, Response>>
    readonly schemas: Readonly<Record<string, JsonSchema>>
  }
}

type Contracts = ReturnType<typeof createContracts>
type Refusal = keyof typeof statusOf

/** How every refusal reads that no endpoint lists itself. */
const refusals: Partial<Record<Refusal, string>> = {
  invalid: 'The request is wrong; the detail says how.',
  unauthenticated: 'The bearer token is missing or not valid here.',
  forbidden: 'The bearer token may not do this, or not from this address.',
  not_found: 'There is no such thing for this caller.',
  too_large: 'The body is too large.',
  unsupported: 'The body is of a media type that is not read here.',
  too_many: 'Too many requests; Retry-After says when to come again.',
  internal: 'Something went wrong here, not in the request.',
  unavailable: 'The service is busy; Retry-After says when to come again.',
}

const refusalHeaders: Partial<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': { description: 'The scheme to use (RFC 6750).', required: true } },
  429: { 'Retry-After': { description: 'Seconds to wait.', required: true } },
  503: { 'Retry-After': { description: 'Seconds to wait.', required: true } },
}

const isContract = (schema: z.ZodType | JsonSchema): schema is z.ZodType => '_zod' in schema

const pathOf = (door: DocumentedDoor, endpoint: DocumentedEndpoint): string =>
  `/${pattern(`${door.prefixes[0] ?? ''}${endpoint.path}`).join('/')}`.replace(/:([A-Za-z]+)/g, '{$1}')

function pathParameters(door: DocumentedDoor, path: string): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    return { name, in: 'path', description: door.segments[name] ?? '', required: true, schema: { type: 'string' } }
  })
}

function queryParameters(querySchema: z.ZodType | undefined): Parameter[] {
  return Object.entries(querySchema ? propertiesOf(querySchema) : {}).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description: String(description ?? ''),
    schema,
  }))
}

function headersOf(headers: Headers | undefined): Pick<Response, 'headers'> {
  if (!headers) return {}
  const named = Object.entries(headers).map(([name, header]) => [name, { ...header, schema: { type: 'string' } }])
  return { headers: Object.fromEntries(named) }
}

/** Refusals that every endpoint of a door may answer with, by status. */
function commonRefusals(door: DocumentedDoor, contracts: Contracts): Record<number, Response> {
  return Object.fromEntries(
    Object.entries(refusals).map(([kind, description]) => {
      const [status] = statusOf[kind as Refusal]
      return [status, refusalOf(door, { status, description }, contracts)]
    }),
  )
}

function refusalOf(door: DocumentedDoor, told: { status: number; description: string }, contracts: Contracts): Response {
  const { schema: refusal, contentType } = door.refusal
  const schema = isContract(refusal) ? contracts.output(refusal) : refusal
  return { description: told.description, ...headersOf(refusalHeaders[told.status]), content: { [contentType]: { schema } } }
}

function responsesOf(door: DocumentedDoor, endpoint: DocumentedEndpoint, told: Description, contracts: Contracts) {
  const common = Object.keys(commonRefusals(door, contracts))
    .filter((status) => endpoint.body === 'json' || (status !== '413' && status !== '415'))
    .map((status) => [status, { $ref: `#/components/responses/${door.name}${status}` }] as const)
  const own = Object.entries(endpoint.replies).map(([key, reply]): [string, Response] => {
    const status = Number(key)
    const { description } = reply
    if (status >= 400) return [key, refusalOf(door, { status, description }, contracts)]
    const known = told.replies?.[status]
    const schema = reply.schema ? contracts.output(reply.schema) : known?.schema
    if (!schema && status !== 204 && status !== 304) throw new Error(`${endpoint.id} does not say what its ${status} holds`)
    return [key, { description, ...headersOf(known?.headers), ...(schema && { content: { [door.contentType]: { schema } } }) }]
  })
  return Object.fromEntries<Response | JsonSchema>([...common, ...own])
}

function operationOf(door: DocumentedDoor, endpoint: DocumentedEndpoint, contracts: Contracts): Operation {
  const told = door.describe(endpoint)
  const body = endpoint.bodySchema ? contracts.input(endpoint.bodySchema) : told.body
  if (endpoint.body === 'json' && !body) throw new Error(`${endpoint.id} does not say what its body holds`)
  const content = body && Object.fromEntries(door.accepts.map((type) => [type, { schema: body }]))
  return {
    operationId: endpoint.id,
    tags: [door.name],
    summary: endpoint.summary,
    'x-access': endpoint.access,
    security: [{ [`${door.name}Token`]: [] }],
    parameters: [
      ...pathParameters(door, pathOf(door, endpoint)),
      ...queryParameters(endpoint.querySchema),
      ...(told.parameters ?? []),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: responsesOf(door, endpoint, told, contracts),
  }
}

/** Puts the doors together. @throws Error where an endpoint says too little, or two things have one name */
export function openApiDocument(info: OpenApiDocument['info'], doors: readonly DocumentedDoor[]): OpenApiDocument {
  const zodOf = (schema: z.ZodType | JsonSchema | undefined) => (schema && isContract(schema) ? [schema] : [])
  const endpoints = doors.flatMap((door) => door.endpoints)
  const contracts = createContracts({
    inputs: endpoints.flatMap(({ bodySchema }) => zodOf(bodySchema)),
    outputs: [
      ...endpoints.flatMap(({ replies }) => Object.values(replies).flatMap(({ schema }) => zodOf(schema))),
      ...doors.flatMap(({ refusal }) => zodOf(refusal.schema)),
    ],
  })
  const paths: Record<string, Record<string, Operation>> = {}
  for (const door of doors) {
    for (const endpoint of door.endpoints) {
      const path = pathOf(door, endpoint)
      const method = endpoint.method.toLowerCase()
      if (paths[path]?.[method]) throw new Error(`${endpoint.method} ${path} is there twice`)
      paths[path] = { ...paths[path], [method]: operationOf(door, endpoint, contracts) }
    }
  }
  const components = [contracts.schemas, ...doors.map(({ schemas }) => schemas)].flatMap((some) => Object.entries(some))
  const twice = components.find(([name], index) => components.findIndex(([other]) => other === name) !== index)
  if (twice) throw new Error(`two components are called ${twice[0]}`)
  return {
    openapi: '3.1.0',
    info,
    tags: doors.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      securitySchemes: Object.fromEntries(
        doors.map(({ name, token, scheme = 'bearer' }) => [`${name}Token`, { type: 'http', scheme, description: token }]),
      ),
      responses: Object.fromEntries(
        doors.flatMap((door) =>
          Object.entries(commonRefusals(door, contracts)).map(([status, response]) => [`${door.name}${status}`, response]),
        ),
      ),
      schemas: Object.fromEntries(components.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

export { type JsonSchema, refTo }
