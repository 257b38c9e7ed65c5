import { authorizeOperator } from '../src/access/index.js'
import type { Core } from '../src/app.js'
import { createConnection, createToken, findConnection, listTokens, revokeToken } from '../src/connections/index.js'
import { tokenScopes } from '../src/contract/token.js'
import { createGroup, createOrganization, createUser, findOrganization } from '../src/directory/index.js'
import type { Authority, Change } from '../src/journal/index.js'
import { AppError } from '../src/platform/errors.js'

/** A small invented company for the first minutes with Gatehouse. Seeded once; afterwards it belongs to whoever plays with it. */

const name = 'demo'
const tokenName = 'demo start'

const people = [
  { givenName: 'Mira', familyName: 'Okafor', title: 'Head of Operations' },
  { givenName: 'Jonas', familyName: 'Lindqvist', title: 'Analyst' },
  { givenName: 'Sana', familyName: 'Rahimi', title: 'Engineer' },
]

async function seed(c: Change): Promise<void> {
  await createOrganization(c, { slug: name, name: 'Demo' })
  const { id: connectionId } = await createConnection(c, { name, profile: 'generic' })
  const scope = { orgId: c.orgId, connectionId }
  const members: string[] = []
  for (const [index, { givenName, familyName, title }] of people.entries()) {
    const userName = `${givenName}.${familyName}@demo.example`.toLowerCase()
    const displayName = `${givenName} ${familyName}`
    const profile = {
      name: { givenName, familyName },
      displayName,
      title,
      emails: [{ value: userName, type: 'work', primary: true }],
    }
    const user = await createUser(c, scope, { userName, active: true, externalId: `demo-${index + 1}`, profile, unique: [] })
    members.push(user.id)
  }
  const group = { displayName: 'Everyone', externalId: null, profile: {}, unique: [] }
  await createGroup(c, scope, group, { members, names: 'any' })
}

async function renewToken(core: Core, by: Authority, connectionId: string): Promise<string> {
  const tokens = await listTokens(core.db, by.orgId, connectionId)
  const earlier = tokens.filter((token) => token.name === tokenName && token.state === 'live')
  return core.journal.change(by, async (c) => {
    for (const token of earlier) await revokeToken(c, connectionId, token.id)
    const { secret } = await createToken(c, connectionId, { name: tokenName, scopes: tokenScopes, expiresAt: null })
    return secret
  })
}

/**
 * Makes sure the demo organization exists and gives its connection a fresh token in place of the last start's, which nobody can be
 * shown again. No token where the connection has two live ones of somebody's own making.
 */
export async function seedDemo(core: Core): Promise<{ baseUrl: string; token: string | undefined }> {
  const known = await findOrganization(core.db, name)
  const by = authorizeOperator({ actor: { type: 'system', id: 'demo' }, door: 'system' }, known?.orgId ?? core.newId())
  if (!known) await core.journal.change(by, seed)
  const baseUrl = `${core.publicUrl}/scim/v2/${name}`
  const connection = await findConnection(core.db, by.orgId, name)
  if (!connection) return { baseUrl, token: undefined }
  try {
    return { baseUrl, token: await renewToken(core, by, connection.id) }
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_many_tokens') return { baseUrl, token: undefined }
    throw error
  }
}
