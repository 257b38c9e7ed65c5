import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import {
  type ProviderFeatures,
  resourceTypeDocument,
  schemaDocument,
  schemasUsed,
  serviceProviderConfig,
} from '../../src/scim/discovery.js'
import { groupType, userType, withExtensions } from '../../src/scim/resource-types.js'
import { defineSchema } from '../../src/scim/schema-define.js'
import { userSchema } from '../../src/scim/schema-user.js'

const baseUrl = 'https://id.example.com/scim/v2/acme'
const features: ProviderFeatures = {
  baseUrl,
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { maxResults: 200 },
}
const attributeOf = (document: JsonObject, name: string): JsonObject | undefined =>
  (document.attributes as JsonObject[]).find((attribute) => attribute.name === name)

describe('discovery', () => {
  it('ServiceProviderConfig says what this server does (RFC 7643 §5)', () => {
    assert.deepEqual(serviceProviderConfig(features), {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: 'OAuth Bearer Token',
          description: 'A bearer token of one connection, sent in the Authorization header.',
          specUri: 'https://www.rfc-editor.org/info/rfc6750',
          primary: true,
        },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
    })
  })

  it('ServiceProviderConfig announces Bulk and pagination as configured (RFC 9865 §5)', () => {
    const bulk = { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 }
    const pagination = {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      maxPageSize: 200,
      cursorTimeout: 3600,
    } as const
    const document = serviceProviderConfig({ ...features, bulk, pagination, documentationUri: 'https://example.com/docs' })
    assert.deepEqual([document.bulk, document.pagination], [bulk, pagination])
    assert.equal(document.documentationUri, 'https://example.com/docs')
  })

  it('a resource type names its endpoint, schema and extensions (RFC 7643 §6)', () => {
    assert.deepEqual(resourceTypeDocument(userType, baseUrl), {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'User',
      name: 'User',
      description: 'User account',
      endpoint: '/Users',
      schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
      schemaExtensions: [{ schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false }],
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
    })
    assert.deepEqual(resourceTypeDocument(groupType, baseUrl).schemaExtensions, [])
  })

  it('a schema document spells out every characteristic of every attribute (RFC 7643 §7)', () => {
    const document = schemaDocument(userSchema, baseUrl)
    assert.deepEqual(document.schemas, ['urn:ietf:params:scim:schemas:core:2.0:Schema'])
    assert.equal(document.id, userSchema.id)
    assert.deepEqual(document.meta, { resourceType: 'Schema', location: `${baseUrl}/Schemas/${userSchema.id}` })
    assert.deepEqual(attributeOf(document, 'userName'), {
      name: 'userName',
      type: 'string',
      multiValued: false,
      description: 'The name the user is known by at the provider; unique without regard to case.',
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    })
    const photos = attributeOf(document, 'photos')
    assert.deepEqual(((photos?.subAttributes ?? []) as JsonObject[])[0], {
      name: 'value',
      type: 'reference',
      multiValued: false,
      description: 'The address of the picture.',
      required: false,
      caseExact: true,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
      referenceTypes: ['external'],
    })
  })

  it('no document holds null, and every attribute of every schema has all required characteristics', () => {
    const documents = [
      ...schemasUsed([userType, groupType]).map((schema) => schemaDocument(schema, baseUrl)),
      resourceTypeDocument(userType, baseUrl),
      serviceProviderConfig(features),
    ]
    assert.ok(!JSON.stringify(documents).includes('null'))
    const attributes = documents.flatMap((document) => (document.attributes ?? []) as JsonObject[])
    const all = attributes.flatMap((attribute) => [attribute, ...((attribute.subAttributes ?? []) as JsonObject[])])
    assert.ok(all.length > 60)
    for (const attribute of all) {
      for (const key of ['multiValued', 'required', 'caseExact'])
        assert.equal(typeof attribute[key], 'boolean', `${attribute.name}`)
      for (const key of ['name', 'type', 'description', 'mutability', 'returned', 'uniqueness']) {
        assert.equal(typeof attribute[key], 'string', `${attribute.name}`)
      }
      assert.equal(attribute.type === 'complex', attribute.subAttributes !== undefined)
      assert.equal(attribute.type === 'reference', attribute.referenceTypes !== undefined)
    }
  })

  it('SEC-SCIM-13 the password attribute is announced as write-only and never returned', () => {
    const password = attributeOf(schemaDocument(userSchema, baseUrl), 'password')
    assert.deepEqual([password?.mutability, password?.returned], ['writeOnly', 'never'])
  })

  it("lists each schema once, an organization's own extensions included, and its URN is safe in a location", () => {
    const own = defineSchema({ id: 'urn:acme:a/b?c', name: 'Own', description: 'Own', attributes: [{ name: 'x' }] })
    const types = [
      withExtensions(userType, [{ schema: own, required: false }]),
      withExtensions(groupType, [{ schema: own, required: true }]),
    ]
    assert.deepEqual(
      schemasUsed(types).map((schema) => schema.name),
      ['User', 'EnterpriseUser', 'Own', 'Group'],
    )
    assert.deepEqual(schemaDocument(own, baseUrl).meta, {
      resourceType: 'Schema',
      location: `${baseUrl}/Schemas/urn:acme:a%2Fb%3Fc`,
    })
  })
})
