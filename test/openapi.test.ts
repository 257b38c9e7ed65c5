import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { apiDocument } from '../src/cli/api-document.js'
import { runCommand } from '../src/cli/program.js'
import { loadConfig } from '../src/platform/config.js'

/** The committed OpenAPI document: it is what the server would say today, and it leaves nothing unsaid. */

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const document = apiDocument()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

type Node = { readonly [key: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

function walk(value: unknown, at: string, visit: (node: Node, at: string) => void): void {
  if (!isNode(value)) return
  visit(value, at)
  for (const [key, inner] of Object.entries(value)) walk(inner, `${at}/${key}`, visit)
}

describe('openapi/openapi.json', () => {
  it('is what `npm run openapi` writes today', async () => {
    let text = ''
    const out = (more: string) => {
      text += more
    }
    assert.equal(await runCommand(['openapi'], { config: () => loadConfig({}), out, err: out }), 0)
    assert.equal(text, read('openapi/openapi.json'), 'openapi/openapi.json is out of date: npm run openapi rewrites it')
  })

  it('has the version of the package', () => {
    assert.equal(document.info.version, (JSON.parse(read('package.json')) as { version: string }).version)
  })

  it('gives every operation an id of its own, a summary, an access and a token', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const { operation } of operations) {
      assert.match(operation.operationId, /^[a-z_]+(\.[a-z_]+)+$/)
      assert.match(operation.summary, /\S/, operation.operationId)
      assert.match(operation['x-access'], /^[a-z_]+(\.[a-z_]+)+$/, operation.operationId)
      assert.equal(operation.security.length, 1, operation.operationId)
    }
  })

  it('says what every parameter is, and names every segment of a path', () => {
    for (const { path, operation } of operations) {
      for (const parameter of operation.parameters) assert.match(parameter.description, /\S/, `${path} ${parameter.name}`)
      const named = operation.parameters.flatMap((parameter) => (parameter.in === 'path' ? [`{${parameter.name}}`] : []))
      assert.deepEqual(named, path.match(/\{\w+\}/g) ?? [], path)
    }
  })

  it('says what every component is, and what every field of it is', () => {
    const silent: string[] = []
    walk(document.components.schemas, '', ({ properties }, at) => {
      if (at.endsWith('/properties') || !isNode(properties)) return
      for (const [name, field] of Object.entries(properties)) {
        if (!isNode(field) || !('description' in field || '$ref' in field)) silent.push(`${at}/${name}`)
      }
    })
    for (const [name, schema] of Object.entries(document.components.schemas)) if (!schema.description) silent.push(name)
    assert.deepEqual(silent, [])
  })

  it('refers to nothing that is not there, and holds nothing that is not referred to', () => {
    const referred = new Set<string>()
    walk(document, '', ({ $ref }) => {
      if (typeof $ref === 'string') referred.add($ref)
    })
    const held = (['schemas', 'responses'] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    )
    assert.deepEqual([...referred].sort(), held.sort())
  })

  it('describes every body and every reply by a component, so that clients get names for them', () => {
    const nameless: string[] = []
    for (const { operation } of operations) {
      walk({ ...operation.requestBody, ...operation.responses }, operation.operationId, ({ schema }, at) => {
        if (isNode(schema) && !('$ref' in schema) && !at.includes('/headers/')) nameless.push(at)
      })
    }
    assert.deepEqual(nameless, [])
  })
})
