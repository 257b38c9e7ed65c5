import assert from 'node:assert/strict'
import type { RunningServer } from '../../src/cli/run-server.js'
import { startLine, startPage } from '../../src/cli/start-page.js'
import { sharedTestApp } from '../support/app.js'

const server = (scimToken?: string, baseUrl = 'http://127.0.0.1:3000/scim/v2/demo'): RunningServer => ({
  url: 'http://127.0.0.1:3000',
  database: 'embedded',
  scim: { baseUrl, ...(scimToken && { token: scimToken }) },
  operator: { baseUrl: 'http://127.0.0.1:3000/operator/v1', ...(scimToken && { token: 'gho_y' }) },
  stop: async () => {},
})

/** The calls that the page offers for pasting, as fetch would make them. */
function pastedCalls(page: string) {
  return page
    .split('\n')
    .filter((line) => line.startsWith('curl '))
    .map((line) => {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
      const after = (flag: string) => words.flatMap((word, at) => (word === flag ? (words[at + 1] ?? '') : []))
      const headers = Object.fromEntries(after('-H').map((header) => header.split(': ')))
      const [body] = after('-d')
      return {
        url: words.find((word) => word.startsWith('http')) ?? '',
        method: after('-X')[0] ?? 'GET',
        headers,
        ...(body && { body }),
      }
    })
}

describe('the start page', () => {
  it('offers calls that work when pasted: one creates a user, the next shows it', async () => {
    const app = await sharedTestApp()
    const tenant = await app.createOrganization()
    const [create, list] = pastedCalls(startPage(server(tenant.token, tenant.baseUrl)))
    assert.ok(create && list)
    const made = await fetch(create.url, create)
    assert.equal(made.status, 201)
    const { userName } = (await made.json()) as { userName: string }
    assert.match(await (await fetch(list.url, list)).text(), new RegExp(userName))
  })

  it('says what runs where, and that the embedded database is for one process', () => {
    const page = startPage(server('ghs_x'))
    for (const text of ['for one process', '/healthz/ready', '/metrics', '/operator/v1', 'ghs_x', 'gho_y'])
      assert.ok(page.includes(text), text)
    assert.doesNotMatch(startPage({ ...server(), database: 'postgresql' }), /one process/)
  })

  it('shows no secret where there is none to show, but how to come by one', () => {
    assert.match(startPage(server()), /org create acme --with-scim/)
    assert.equal(JSON.parse(startLine(server())).scim.token, undefined)
    assert.equal(JSON.parse(startLine(server('ghs_x'))).hint, undefined)
  })
})
