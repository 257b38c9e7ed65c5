import assert from 'node:assert/strict'
import { z } from 'zod'
import { type DocumentedDoor, type DocumentedEndpoint, openApiDocument } from '../../src/http/openapi.js'

const info = { title: 'Test', version: '1', description: '' }

const part = z.strictObject({ size: z.int().default(1).describe('Size.') }).meta({ id: 'TestPart', description: 'A part.' })
const whole = z.strictObject({ part: part.describe('Its part.') }).meta({ id: 'TestWhole', description: 'A whole.' })
const plain = z.strictObject({ name: z.string().describe('Name.') }).meta({ id: 'TestPlain', description: 'Plain.' })

const endpoint = (rest: Partial<DocumentedEndpoint>): DocumentedEndpoint => ({
  id: 'test.things.list',
  method: 'GET',
  path: '/things',
  access: 'test.things.read',
  summary: 'List things',
  body: 'none',
  replies: { 200: { description: 'A thing.', schema: plain } },
  ...rest,
})

const door = (endpoints: readonly DocumentedEndpoint[], rest: Partial<DocumentedDoor> = {}): DocumentedDoor => ({
  name: 'test',
  prefixes: ['/test/:org', '/old/:org'],
  contentType: 'application/json',
  accepts: ['application/json'],
  description: 'A door.',
  token: 'A token.',
  endpoints,
  segments: { org: 'The organization.' },
  refusal: { contentType: 'application/problem+json', schema: plain },
  schemas: {},
  describe: () => ({}),
  ...rest,
})

const documentOf = (...endpoints: DocumentedEndpoint[]) => openApiDocument(info, [door(endpoints)])
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

describe('an OpenAPI document', () => {
  it('has each endpoint under the first prefix of its door, with its action, its token and the segments of its path', () => {
    const { paths, components } = documentOf(endpoint({}))
    assert.deepEqual(Object.keys(paths), ['/test/{org}/things'])
    const operation = paths['/test/{org}/things']?.get
    assert.equal(operation?.operationId, 'test.things.list')
    assert.equal(operation?.['x-access'], 'test.things.read')
    assert.deepEqual(operation?.security, [{ testToken: [] }])
    assert.deepEqual(operation?.parameters, [
      { name: 'org', in: 'path', description: 'The organization.', required: true, schema: { type: 'string' } },
    ])
    assert.ok(components.securitySchemes.testToken)
  })

  it('has one path for several methods', () => {
    const { paths } = documentOf(endpoint({}), endpoint({ id: 'test.things.drop', method: 'DELETE' }))
    assert.deepEqual(Object.keys(paths['/test/{org}/things'] ?? {}), ['get', 'delete'])
  })

  it('has query parameters from their contract', () => {
    const querySchema = z.object({ limit: z.coerce.number().int().min(1).default(5).describe('How many.') })
    const operation = documentOf(endpoint({ querySchema })).paths['/test/{org}/things']?.get
    assert.deepEqual(operation?.parameters[1], {
      name: 'limit',
      in: 'query',
      description: 'How many.',
      schema: { default: 5, type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    })
  })

  it('has a contract once, where it reads as a body as it does as a reply', () => {
    const document = documentOf(endpoint({ method: 'POST', body: 'json', bodySchema: plain }))
    const operation = document.paths['/test/{org}/things']?.post
    assert.deepEqual(operation?.requestBody?.content, { 'application/json': { schema: ref('TestPlain') } })
    assert.deepEqual(Object.keys(document.components.schemas), ['TestPlain'])
  })

  it('has a contract twice, where a default makes it optional in a body, with whatever holds it', () => {
    const replies = { 200: { description: 'It.', schema: whole } }
    const document = documentOf(endpoint({ method: 'POST', body: 'json', bodySchema: whole, replies }))
    const { schemas } = document.components
    assert.deepEqual(Object.keys(schemas), ['TestPart', 'TestPartInput', 'TestPlain', 'TestWhole', 'TestWholeInput'])
    assert.deepEqual(schemas.TestPart?.required, ['size'])
    assert.equal(schemas.TestPartInput?.required, undefined)
    const held = (name: string) => (schemas[name] as { properties?: { part?: object } } | undefined)?.properties?.part
    assert.deepEqual(held('TestWhole'), { ...ref('TestPart'), description: 'Its part.' })
    assert.deepEqual(held('TestWholeInput'), { ...ref('TestPartInput'), description: 'Its part.' })
  })

  it('keeps the plain name where a contract is a body only', () => {
    const { schemas } = documentOf(endpoint({ method: 'POST', body: 'json', bodySchema: whole })).components
    assert.deepEqual(Object.keys(schemas), ['TestPart', 'TestPlain', 'TestWhole'])
  })

  it('says how every operation refuses, in the words of the endpoint where it has some', () => {
    const told = { ...endpoint({}).replies, 404: { description: 'No such thing.' } }
    const document = documentOf(
      endpoint({ replies: told }),
      endpoint({ id: 'test.things.make', method: 'POST', body: 'json', bodySchema: plain }),
    )
    const { get, post } = document.paths['/test/{org}/things'] ?? {}
    const problem = { 'application/problem+json': { schema: ref('TestPlain') } }
    assert.deepEqual(get?.responses[404], { description: 'No such thing.', content: problem })
    assert.deepEqual(get?.responses[401], { $ref: '#/components/responses/test401' })
    assert.deepEqual(document.components.responses.test401?.content, problem)
    assert.ok(document.components.responses.test503?.headers?.['Retry-After']?.required)
    assert.deepEqual(Object.keys(get?.responses ?? {}), ['200', '400', '401', '403', '404', '429', '500', '503'])
    assert.deepEqual(Object.keys(post?.responses ?? {}), ['200', '400', '401', '403', '404', '413', '415', '429', '500', '503'])
  })

  it('is not made where an endpoint leaves out what it takes or gives', () => {
    assert.throws(() => documentOf(endpoint({ replies: { 200: { description: 'A thing.' } } })), /what its 200 holds/)
    assert.throws(() => documentOf(endpoint({ method: 'POST', body: 'json' })), /what its body holds/)
  })

  it('is not made where two things would have one name', () => {
    const doors = [door([endpoint({})]), door([], { name: 'other', schemas: { TestPlain: { type: 'object' } } })]
    assert.throws(() => openApiDocument(info, doors), /two components are called TestPlain/)
    assert.throws(
      () => documentOf(endpoint({}), endpoint({ id: 'test.things.again' })),
      /GET \/test\/\{org\}\/things is there twice/,
    )
  })
})
