import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { command } from '../support/command.js'
import { newTenant, type Tenant } from '../support/tenant.js'

/** The example of docs/resource-types.md, done as it says: what the document shows is what happens. */

const text = readFileSync(new URL('../../docs/resource-types.md', import.meta.url), 'utf8')

const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)]

/** The content of the first fenced block of that language. */
function block(language: string): string {
  const [, , content] = blocks.find((found) => found[1] === language) ?? []
  assert.ok(content, `the document has no block of "${language}"`)
  return content
}

describe('docs/resource-types.md', () => {
  let tenant: Tenant
  let env: Record<string, string>
  let directory: string
  let file: string

  before(async () => {
    tenant = await newTenant()
    env = { GATEHOUSE_URL: tenant.app.url, GATEHOUSE_OPERATOR_TOKEN: await tenant.app.createOperatorToken() }
    directory = mkdtempSync(join(tmpdir(), 'gatehouse-types-'))
    file = join(directory, 'device.yaml')
    writeFileSync(file, block('yaml'))
  })

  after(() => rmSync(directory, { recursive: true }))

  const run = (...args: string[]) => command(env, 'resource-type', ...args, '--org', tenant.slug)
  const documented = () => {
    const [, , ...words] = (block('sh').split('\n')[0] ?? '').split(' ')
    return command(env, 'resource-type', ...words.map((word) => ({ acme: tenant.slug, 'device.yaml': file })[word] ?? word))
  }
  let device: { id: string; meta: object }

  it('declares the type with the command it shows', async () => {
    const result = await documented()
    assert.deepEqual([result.code, result.err], [0, ''])
    assert.equal(result.out, `"${tenant.slug}" has the resource type Device at /Devices.\n`)
    assert.equal((await tenant.scim.get('/ResourceTypes/Device')).status, 200)
  })

  it('creates what it creates, and answers what it answers', async () => {
    const [request = '', ...body] = block('http').split('\n')
    const answer = await tenant.scim.post(request.replace('POST ', ''), body.join('\n'))
    assert.equal(answer.status, 201, answer.text)
    device = answer.body
    const { id: _, meta: __, ...shown } = answer.body
    assert.deepEqual(shown, JSON.parse(block('json')))
  })

  it('finds it by every filter that it names', async () => {
    const filters = block('filter').split('\n')
    assert.ok(filters.length >= 3)
    for (const filter of filters) {
      const found = await tenant.scim.filter('/Devices', filter)
      assert.deepEqual(found.body.Resources, [device], filter)
    }
  })

  it('shows a file that defines the same again', async () => {
    const shown = await run('show', 'device')
    assert.equal(shown.code, 0)
    writeFileSync(join(directory, 'shown.yaml'), shown.out)
    const again = await command(env, 'resource-type', 'define', join(directory, 'shown.yaml'), '--org', tenant.slug, '--json')
    assert.deepEqual([again.code, again.json().differences], [0, []])
    const list = await run('list')
    assert.match(list.out, /^Device +\/Devices +urn:acme:scim:2\.0:Device +urn:acme:scim:2\.0:Lease$/m)
  })

  it('tells what would break, ends with 2 and changes nothing; with --accept-loss it does', async () => {
    const definition = parse(block('yaml'))
    const at = (name: string) => definition.schema.attributes.find((one: { name: string }) => one.name === name)
    Object.assign(at('kind'), { type: 'integer' })
    Object.assign(at('owner'), { required: true })
    at('owner').subAttributes.push({ name: 'since', type: 'dateTime' })
    writeFileSync(file, stringify(definition))
    const refused = await run('define', file)
    assert.deepEqual([refused.code, refused.out], [2, ''])
    const lines = refused.err.trimEnd().split('\n')
    const [first = '', kind, , last] = block('').split('\n')
    assert.ok(lines[0]?.startsWith(first.replace(/ …$/, '')), lines[0])
    assert.ok(lines.includes(kind ?? ''), refused.err)
    assert.ok(
      lines.includes(
        '  owner: required: false → true; 1 resource holds data that does not fit and would keep it as it is until it is next written',
      ),
    )
    assert.ok(lines.includes('  owner.since: added'))
    assert.equal(lines.at(-1), last)
    assert.deepEqual((await tenant.scim.get(`/Devices/${device.id}`)).body, device)

    const accepted = await run('define', file, '--accept-loss')
    assert.equal(accepted.code, 0, accepted.err)
    assert.match(accepted.out, /^ {2}kind: type: string → integer; data of 1 did not fit, they lost it$/m)
    assert.equal((await tenant.scim.get(`/Devices/${device.id}`)).body.kind, undefined)
  })

  it('removes the type when it is empty, and not before', async () => {
    const early = await run('remove', 'Device')
    assert.equal(early.code, 1)
    assert.match(early.err, /^Device has 1 resource\./)
    await tenant.scim.delete(`/Devices/${device.id}`)
    assert.equal((await run('remove', 'Device')).code, 0)
    assert.equal((await tenant.scim.get('/Devices')).status, 404)
  })

  it('ends with 2 for a file that defines nothing, before any server is asked', async () => {
    writeFileSync(file, 'name: Device\n')
    const { code, err } = await command({ GATEHOUSE_URL: 'http://127.0.0.1:1' }, 'resource-type', 'define', file, '--org', 'acme')
    assert.equal(code, 2)
    assert.match(err, /^endpoint: /)
  })
})
