import assert from 'node:assert/strict'
import { type ProfileName, profileNames } from '../../src/contract/connection.js'
import { profiles, switchesOf } from '../../src/scim/dialects/profiles.js'
import { sharedTestApp, type TestApp } from '../support/app.js'
import { coreGroup, coreUser, enterpriseUser, type ScimClient, scimClient } from '../support/scim-client.js'

/** What each profile does with the habits that hurt most when they are misread, through the door. */
describe('profiles', () => {
  let app: TestApp
  let made = 0
  before(async () => {
    app = await sharedTestApp()
  })

  const clientOf = async (profile: ProfileName): Promise<ScimClient> => {
    const { baseUrl, token } = await app.createOrganization({ profile })
    return scimClient(baseUrl, token)
  }
  const user = async (scim: ScimClient): Promise<string> => {
    const answer = await scim.post('/Users', { schemas: [coreUser], userName: `dialect-${made++}`, active: true })
    assert.equal(answer.status, 201, answer.text)
    return answer.body.id
  }
  const group = async (scim: ScimClient, ...members: string[]): Promise<string> => {
    const body = { schemas: [coreGroup], displayName: `Dialects ${made++}`, members: members.map((value) => ({ value })) }
    const answer = await scim.post('/Groups', body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body.id
  }
  const membersOf = async (scim: ScimClient, id: string): Promise<string[]> =>
    ((await scim.get(`/Groups/${id}`)).body.members ?? []).map((member: { value: string }) => member.value)

  for (const profile of profileNames) {
    describe(profile, () => {
      let scim: ScimClient
      before(async () => {
        scim = await clientOf(profile)
      })

      it('"False" never leaves a user active: it is read, or the request is refused and says so', async () => {
        const ways = [
          { op: 'replace', path: 'active', value: 'False' },
          { op: 'Replace', path: 'active', value: 'false' },
          { op: 'replace', value: { active: 'False' } },
          { op: 'add', path: 'Active', value: 'FALSE' },
          { op: 'replace', path: `${coreUser}:active`, value: 'False' },
        ]
        for (const way of ways) {
          const id = await user(scim)
          const answer = await scim.patch(`/Users/${id}`, [way])
          const { active } = (await scim.get(`/Users/${id}`)).body
          if (profiles[profile].booleans === 'strings') {
            assert.deepEqual([answer.status, active], [200, false], JSON.stringify(way))
          } else {
            assert.deepEqual([answer.status, answer.body.scimType, active], [400, 'invalidValue', true], JSON.stringify(way))
          }
        }
        const put = await scim.put(`/Users/${await user(scim)}`, {
          schemas: [coreUser],
          userName: `p-${made++}`,
          active: 'False',
        })
        const post = await scim.post('/Users', { schemas: [coreUser], userName: `c-${made++}`, active: 'False' })
        for (const { status, body } of [put, post]) assert.ok(status === 400 || body.active === false)
      })

      it('a removal of members with a list removes only those, in any of its forms', async () => {
        const [a, b, c] = [await user(scim), await user(scim), await user(scim)]
        const forms = [
          [{ value: a }],
          [{ $ref: null, value: a }],
          [{ value: a, display: 'x', type: 'User' }],
          [a],
          { value: a },
          a,
          [{ value: '00000000-0000-7000-8000-000000000000' }, { value: a }],
        ]
        for (const value of forms) {
          const id = await group(scim, a, b, c)
          const answer = await scim.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members', value }])
          assert.ok(answer.status === 200 || answer.status === 204, answer.text)
          assert.deepEqual((await membersOf(scim, id)).sort(), [b, c].sort(), JSON.stringify(value))
        }
        const id = await group(scim, a, b)
        await scim.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members', value: [] }])
        assert.deepEqual((await membersOf(scim, id)).sort(), [a, b].sort())
      })

      it('a removal of all members needs the switch, and an empty list does it everywhere', async () => {
        const [a, b] = [await user(scim), await user(scim)]
        const id = await group(scim, a, b)
        const all = await scim.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members' }])
        const left = await membersOf(scim, id)
        if (profiles[profile].removeAllMembers === 'allow') assert.deepEqual([all.status < 300, left], [true, []])
        else assert.deepEqual([all.status, all.body.scimType, left.length], [400, 'noTarget', 2])
        const emptied = await scim.patch(`/Groups/${id}`, [{ op: 'replace', path: 'members', value: [] }])
        assert.deepEqual([emptied.status < 300, await membersOf(scim, id)], [true, []])
      })

      it('a PATCH of a group is answered as the profile says', async () => {
        const answer = await scim.patch(`/Groups/${await group(scim)}`, [
          { op: 'replace', path: 'displayName', value: `n-${made++}` },
        ])
        if (profiles[profile].groupPatchReply === 'noContent') assert.deepEqual([answer.status, answer.text], [204, ''])
        else assert.deepEqual([answer.status, typeof answer.body.id], [200, 'string'])
      })

      it('is served below /scim/v2 and below /scim', async () => {
        const short = scimClient(scim.baseUrl.replace('/scim/v2/', '/scim/'), scim.token)
        assert.equal((await short.get('/Users?count=0')).status, 200)
      })
    })
  }

  it('a boolean as text in a filter is read or refused, by profile', async () => {
    const filter = 'roles[primary eq "True"].value eq "x"'
    assert.equal((await (await clientOf('rfc')).filter('/Users', filter)).body.scimType, 'invalidFilter')
    for (const profile of ['generic', 'entra', 'okta-oin'] as const) {
      assert.equal((await (await clientOf(profile)).filter('/Users', filter)).status, 200)
    }
  })

  it('rfc refuses what is outside the schema, the others pass it over', async () => {
    for (const profile of profileNames) {
      const scim = await clientOf(profile)
      const sent = { schemas: [coreUser], userName: `u-${made++}`, favouriteColour: 'green' }
      const answer = await scim.post('/Users', sent)
      if (profile === 'rfc') assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidSyntax'])
      else assert.deepEqual([answer.status, answer.body.favouriteColour], [201, undefined])
    }
  })

  it('the dot of old jobs is understood where the profile says so, and refused elsewhere', async () => {
    const operation = { op: 'Add', path: `${enterpriseUser}.department`, value: 'D' }
    const legacy = await clientOf('entra-legacy')
    const patched = await legacy.patch(`/Users/${await user(legacy)}`, [operation])
    assert.deepEqual(patched.body[enterpriseUser], { department: 'D' })
    const entra = await clientOf('entra')
    assert.equal((await entra.patch(`/Users/${await user(entra)}`, [operation])).body.scimType, 'invalidPath')
  })

  it('a malformed PATCH is refused before anybody looks whether its target exists', async () => {
    const scim = await clientOf('generic')
    const absent = '/Users/00000000-0000-7000-8000-000000000000'
    assert.equal((await scim.patch(absent, [{ op: 'replace', path: 'noSuch', value: 1 }])).status, 400)
    assert.equal((await scim.patch(absent, [{ op: 'replace', path: 'title', value: 'x' }])).status, 404)
  })

  it('an id in an address compares with case, under every profile', async () => {
    for (const profile of profileNames) {
      const scim = await clientOf(profile)
      const id = await user(scim)
      assert.notEqual(id.toUpperCase(), id)
      assert.deepEqual(
        [(await scim.get(`/Users/${id}`)).status, (await scim.get(`/Users/${id.toUpperCase()}`)).status],
        [200, 404],
        profile,
      )
    }
  })

  it('a connection may override any switch of its profile, and an unknown profile is generic', () => {
    assert.deepEqual(switchesOf('entra', { groupPatchReply: 'resource' }), { ...profiles.entra, groupPatchReply: 'resource' })
    assert.deepEqual(switchesOf('gone', {}), profiles.generic)
  })

  it('every profile makes a choice for every switch, and no two but those of Okta make the same ones', () => {
    const switches = Object.keys(profiles.rfc).sort()
    for (const profile of profileNames) assert.deepEqual(Object.keys(profiles[profile]).sort(), switches)
    const choices = profileNames.map((profile) => JSON.stringify(Object.entries(profiles[profile]).sort()))
    assert.equal(new Set(choices).size, profileNames.length - 1)
    assert.deepEqual(profiles['okta-oin'], profiles['okta-aiw'])
  })
})
