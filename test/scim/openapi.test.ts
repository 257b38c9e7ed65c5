import assert from 'node:assert/strict'
import { apiDocument } from '../../src/cli/api-document.js'
import type { JsonSchema } from '../../src/http/openapi.js'
import { groupType, userType } from '../../src/scim/resource-types.js'
import { commonAttributes } from '../../src/scim/schema-common.js'
import { checkReply } from '../support/api-replies.js'
import { coreGroup, coreUser, enterpriseUser, errorSchema, listSchema } from '../support/scim-client.js'

const { components, paths } = apiDocument()

type Fields = Readonly<Record<string, JsonSchema>>
const fieldsOf = (schema: unknown): Fields => (schema as { properties: Fields }).properties
const component = (name: string) => components.schemas[name] ?? assert.fail(`there is no component ${name}`)
const itemsOf = (field: JsonSchema | undefined) => (field as { items: JsonSchema }).items

describe('SCIM resources in the OpenAPI document', () => {
  for (const type of [userType, groupType]) {
    it(`are made of the definitions of a ${type.name}: what is answered, and what is sent`, () => {
      const all = [...commonAttributes, ...type.schema.attributes]
      const urns = type.extensions.map(({ schema }) => schema.id)
      const answered = all.filter(({ returned }) => returned !== 'never').map(({ name }) => name)
      const sent = all.filter(({ mutability }) => mutability !== 'readOnly').map(({ name }) => name)
      assert.deepEqual(Object.keys(fieldsOf(component(`Scim${type.name}`))), [...answered, ...urns])
      assert.deepEqual(Object.keys(fieldsOf(component(`Scim${type.name}Input`))), [...sent, ...urns])
    })
  }

  it('say what kind of value an attribute has, one or several, and suggest canonical values without demanding them', () => {
    const user = fieldsOf(component('ScimUser'))
    assert.deepEqual(user.active, { description: 'Whether the user may use the product.', type: 'boolean' })
    const email = fieldsOf(itemsOf(user.emails))
    assert.deepEqual(email.type, { description: 'What the value is for.', type: 'string', examples: ['work', 'home', 'other'] })
    assert.equal(fieldsOf(user.meta).created?.format, 'date-time')
    assert.equal(fieldsOf(itemsOf(user.x509Certificates)).value?.contentEncoding, 'base64')
  })

  it('never answer a password, and take one to be written only', () => {
    assert.equal(fieldsOf(component('ScimUser')).password, undefined)
    assert.equal(fieldsOf(component('ScimUserInput')).password?.writeOnly, true)
  })

  it('mark what the server makes, and take none of it', () => {
    assert.equal(fieldsOf(component('ScimUser')).groups?.readOnly, true)
    assert.equal(fieldsOf(component('ScimUserInput')).groups, undefined)
  })

  it('demand of a client what the schema requires, and of an answer what no request can leave out', () => {
    assert.deepEqual(component('ScimUserInput').required, ['schemas', 'userName'])
    assert.deepEqual(component('ScimGroupInput').required, ['schemas', 'displayName'])
    assert.deepEqual(component('ScimUser').required, ['schemas', 'id'])
  })

  it('hold the enterprise extension under its URN', () => {
    assert.deepEqual(fieldsOf(component('ScimUser'))[enterpriseUser], { $ref: '#/components/schemas/ScimEnterpriseUser' })
    assert.ok(fieldsOf(component('ScimEnterpriseUser')).costCenter)
  })
})

describe('SCIM operations in the OpenAPI document', () => {
  const operation = (path: string, method: string) => paths[`/scim/v2/{org}${path}`]?.[method] ?? assert.fail(`${method} ${path}`)
  const parameters = (path: string, method: string) =>
    operation(path, method).parameters.flatMap((parameter) => (parameter.in === 'path' ? [] : [parameter.name]))

  it('take the query of RFC 7644 §3.4.2 and RFC 9865 in the address', () => {
    const query = ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'cursor', 'attributes', 'excludedAttributes']
    for (const path of ['', '/Users', '/Groups', '/{endpoint}']) assert.deepEqual(parameters(path, 'get'), query, path)
  })

  it('take the preconditions of RFC 7644 §3.14', () => {
    for (const path of ['/Users/{id}', '/Groups/{id}', '/Me', '/{endpoint}/{id}']) {
      assert.ok(parameters(path, 'get').includes('If-None-Match'))
      for (const method of ['put', 'patch', 'delete']) assert.ok(parameters(path, method).includes('If-Match'))
    }
  })

  it('answer what they can answer and nothing else', () => {
    const good = (path: string, method: string) =>
      Object.keys(operation(path, method).responses).filter((status) => Number(status) < 400)
    assert.deepEqual(good('/Users', 'post'), ['201'])
    assert.deepEqual(good('/Users/{id}', 'get'), ['200', '304'])
    assert.deepEqual(good('/Users/{id}', 'put'), ['200'])
    assert.deepEqual(good('/Users/{id}', 'patch'), ['200', '204'])
    assert.deepEqual(good('/Users/{id}', 'delete'), ['204'])
  })
})

describe('the check of replies against the OpenAPI document', () => {
  const user = { schemas: [coreUser], id: '1', userName: 'a' }
  const reply = (body: object | string, rest: { target?: string; status?: number; method?: string; etag?: string } = {}) => {
    const { target = '/scim/v2/acme/Users/1', status = 200, method = 'GET', etag = 'W/"1"' } = rest
    const headers = new Headers({ 'content-type': 'application/scim+json', ...(etag && { etag }) })
    return { method, target, status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }
  }

  it('lets pass what the document says, under any prefix of the door', () => {
    checkReply(reply(user))
    checkReply(reply(user, { target: '/scim/acme/Users/1?attributes=userName' }))
    checkReply(reply('', { method: 'HEAD' }))
    checkReply(reply('', { status: 304 }))
  })

  const list = (resource: object) => ({
    schemas: [listSchema],
    totalResults: 1,
    startIndex: 1,
    itemsPerPage: 1,
    Resources: [resource],
  })

  for (const [what, wrong] of [
    ['an attribute that no schema has', reply({ ...user, shoeSize: 42 })],
    ['an attribute that is never returned', reply({ ...user, password: 'secret' })],
    ['a value of another type', reply({ ...user, active: 'True' })],
    ['a part that no schema has', reply({ ...user, name: { nick: 'b' } })],
    ['a resource without its id', reply({ schemas: [coreUser] })],
    ['a group where users are', reply({ schemas: [coreGroup], id: '1' })],
    ['a resource in a list that is wrong', reply(list({ ...user, emails: 'a@b.example' }), { target: '/scim/v2/acme/Users' })],
    ['a mixed list with a user that is wrong', reply(list({ ...user, active: 1 }), { target: '/scim/v2/acme/' })],
    ['no ETag', reply(user, { etag: '' })],
    ['a body where none may be', reply(user, { status: 304 })],
    ['a status that the operation does not have', reply(user, { status: 201 })],
    ['a good answer where there is no operation', reply(user, { method: 'PUT', target: '/scim/v2/acme/Schemas' })],
    ['a refusal whose status is a number', reply({ schemas: [errorSchema], status: 404, detail: 'no' }, { status: 404 })],
    [
      'a refusal where there is no operation that is none',
      reply({}, { method: 'PUT', target: '/scim/v2/acme/Schemas', status: 405 }),
    ],
  ] as const) {
    it(`stops ${what}`, () => assert.throws(() => checkReply(wrong), assert.AssertionError))
  }
})
