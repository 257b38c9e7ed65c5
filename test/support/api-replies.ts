import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { apiDocument } from '../../src/cli/api-document.js'
import type { JsonSchema, Operation, Response } from '../../src/http/openapi.js'

/**
 * Holds every reply that a test's client gets against the OpenAPI document: an operation that answers what the document does not say
 * fails the test that called it. What was answered well is remembered, for the list of operations no test has called.
 */

export type SeenReply = {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const document = apiDocument()

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i)
for (const name of ['cidrv4', 'cidrv6', 'ipv4', 'ipv6']) ajv.addFormat(name, true)
ajv.addSchema({ $id: 'urn:gatehouse:openapi', components: document.components })

const compiled = new Map<string, ValidateFunction>()

function validatorOf(schema: JsonSchema): ValidateFunction {
  const key = JSON.stringify(schema)
  const known =
    compiled.get(key) ?? ajv.compile(JSON.parse(key.replaceAll('"#/components/', '"urn:gatehouse:openapi#/components/')))
  compiled.set(key, known)
  return known
}

type Entry = { readonly segments: readonly string[]; readonly methods: Readonly<Record<string, Operation>> }

const isNamed = (segment: string): boolean => segment.startsWith('{')
const entries: readonly Entry[] = Object.entries(document.paths)
  .map(([path, methods]) => ({ segments: path.slice(1).split('/'), methods }))
  // What is written out comes before what is named, as OpenAPI matches paths.
  .sort((a, b) => a.segments.filter(isNamed).length - b.segments.filter(isNamed).length)

function operationOf(method: string, target: string): Operation | undefined {
  const path = (target.split('?')[0] ?? '').replace(/^\/scim\/(?!v2\/)/, '/scim/v2/').replace(/\/$/, '')
  const sent = path.slice(1).split('/')
  const fits = ({ segments }: Entry) =>
    segments.length === sent.length && segments.every((segment, index) => isNamed(segment) || segment === sent[index])
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase()
  return entries.find((entry) => fits(entry) && entry.methods[asked])?.methods[asked]
}

function resolved(response: Response | JsonSchema | undefined): Response | undefined {
  if (!response || !('$ref' in response)) return response as Response | undefined
  return document.components.responses[String(response.$ref).split('/').at(-1) ?? '']
}

const refusals: Readonly<Record<string, JsonSchema>> = {
  scim: { $ref: '#/components/schemas/ScimError' },
  operator: { $ref: '#/components/schemas/Problem' },
}

function checkBody(schema: JsonSchema, { text }: SeenReply, what: string): void {
  const validate = validatorOf(schema)
  if (validate(JSON.parse(text))) return
  const faults = validate.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
  assert.fail(`${what} is not what the OpenAPI document says: ${faults?.slice(0, 5).join('; ')}\n${text.slice(0, 2000)}`)
}

const answered = new Set<string>()

/** Throws where the document does not say this reply. Replies outside every operation must be refusals in the door's words. */
export function checkReply(reply: SeenReply): void {
  const { method, target, status, headers, text } = reply
  const what = `${method} ${target.slice(0, 200)} → ${status}`
  const operation = operationOf(method, target)
  if (!operation || status === 405) {
    assert.ok(status >= 400, `${what}: the OpenAPI document has no such operation`)
    const refusal = refusals[target.split('/')[1] ?? '']
    if (refusal && text) checkBody(refusal, reply, what)
    return
  }
  const response = resolved(operation.responses[status])
  assert.ok(response, `${what}: ${operation.operationId} has no such reply in the OpenAPI document`)
  for (const [name, { required }] of Object.entries(response.headers ?? {})) {
    assert.ok(!required || headers.get(name) !== null, `${what}: the header ${name} is missing`)
  }
  if (!response.content) assert.equal(text, '', `${what}: no body is to be sent`)
  else if (method !== 'HEAD') {
    const type = headers.get('content-type') ?? ''
    const content = response.content[type]
    assert.ok(content, `${what}: ${type} is not among ${Object.keys(response.content)}`)
    checkBody(content.schema, reply, what)
  }
  if (status < 400) answered.add(operation.operationId)
}

/** Ids of operations whose good answer no client has seen so far. */
export function unansweredOperations(): string[] {
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  return all.map(({ operationId }) => operationId).filter((id) => !answered.has(id))
}
