import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../../src/platform/json.js'
import { define } from '../support/extension.js'
import { coreGroup, coreUser } from '../support/scim-client.js'
import { newTenant, type Resource, type Tenant } from '../support/tenant.js'

/** Attributes an organization gave itself behave at the door as the built-in ones do, and nobody else has them. */

const urn = 'urn:acme:scim:2.0:Staff'

describe('extension attributes', () => {
  let tenant: Tenant
  let made = 0

  before(async () => {
    tenant = await newTenant()
    await define(tenant, {
      urn,
      resourceType: 'User',
      name: 'Staff',
      description: 'What Acme knows of its people.',
      attributes: [
        { name: 'badge', uniqueness: 'server', description: 'Number of the badge.' },
        { name: 'door', uniqueness: 'server', caseExact: true },
        { name: 'level', type: 'integer' },
        { name: 'rate', type: 'decimal' },
        { name: 'since', type: 'dateTime' },
        { name: 'remote', type: 'boolean' },
        { name: 'photo', type: 'binary' },
        { name: 'page', type: 'reference', referenceTypes: ['external'] },
        { name: 'size', canonicalValues: ['S', 'M', 'L'] },
        { name: 'tags', multiValued: true },
        { name: 'code', caseExact: true },
        { name: 'serial', mutability: 'immutable' },
        { name: 'score', mutability: 'readOnly' },
        {
          name: 'phones',
          type: 'complex',
          multiValued: true,
          subAttributes: [{ name: 'value' }, { name: 'type' }, { name: 'line', uniqueness: 'server' }],
        },
      ],
    })
    await define(tenant, {
      urn: 'urn:acme:scim:2.0:Team',
      resourceType: 'Group',
      name: 'Team',
      required: true,
      attributes: [{ name: 'cost', type: 'integer', required: true }, { name: 'lead' }],
    })
  })

  const staff = (attributes: JsonObject, name = `staff-${made++}`): Promise<Resource> => tenant.user(name, { [urn]: attributes })
  const post = (attributes: JsonObject) =>
    tenant.scim.post('/Users', { schemas: [coreUser, urn], userName: `staff-${made++}`, [urn]: attributes })
  const names = async (filter: string): Promise<string[]> => {
    const answer = await tenant.scim.filter('/Users', filter)
    assert.equal(answer.status, 200, `${filter}: ${answer.text}`)
    return answer.body.Resources.map((user: Resource) => user.userName).sort()
  }
  const patched = async (id: string, operations: JsonObject[]) => {
    const answer = await tenant.scim.patch(`/Users/${id}`, operations)
    assert.equal(answer.status, 200, answer.text)
    return answer.body[urn]
  }

  it('are kept as sent, shown under their URN, and named in schemas', async () => {
    const all = {
      ...{ badge: 'B-1', door: 'D-1', level: 3, rate: 1.5, since: '2024-02-29T12:00:00+01:00', remote: false, photo: 'YQ==' },
      ...{ page: 'https://example.com/p', size: 'XXL', tags: ['a', 'B'], code: 'aB', serial: 's-1' },
      phones: [{ value: '1', type: 'work', line: 'l-1' }],
    }
    const user = await staff(all)
    assert.deepEqual(user[urn], all)
    assert.deepEqual(user.schemas, [coreUser, urn])
    assert.deepEqual((await tenant.scim.get(`/Users/${user.id}`)).body, user)
    const bare = await tenant.user('without')
    assert.deepEqual([bare[urn], bare.schemas], [undefined, [coreUser]])
  })

  it('take their URN and names in any case and answer in the schema’s own', async () => {
    const answer = await tenant.scim.post('/Users', {
      schemas: [coreUser],
      userName: 'any-case',
      [urn.toUpperCase()]: { LEVEL: 7, Tags: ['x'] },
    })
    assert.deepEqual([answer.status, answer.body[urn]], [201, { level: 7, tags: ['x'] }])
  })

  it('refuse a value of another type by name: 400 invalidValue', async () => {
    const wrong: [string, Json][] = [
      ['level', '3'],
      ['level', 1.5],
      ['rate', true],
      ['since', 'yesterday'],
      ['since', '2023-02-29T00:00:00Z'],
      ['remote', 'maybe'],
      ['photo', '***'],
      ['tags', 'one'],
      ['tags', [1]],
      ['badge', { value: 'x' }],
      ['badge', ['x']],
      ['phones', 'x'],
      ['badge', 'x'.repeat(1025)],
    ]
    for (const [name, value] of wrong) {
      const answer = await post({ [name]: value })
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'], `${name} ${JSON.stringify(value)}`)
      assert.ok(answer.body.detail.includes(`${urn}:${name}`), answer.body.detail)
    }
  })

  it('are filtered by type and by their case, and sorted', async () => {
    await staff(
      { level: 10, code: 'Exact', size: 'Large', rate: 0.5, since: '2024-01-01T00:00:00Z', remote: true, tags: ['q1'] },
      'f-ten',
    )
    await staff({ level: 9, code: 'exact', size: 'large', rate: 2, since: '2024-06-01T00:00:00Z', tags: ['q2'] }, 'f-nine')
    const rows: [filter: string, found: string[]][] = [
      ['level gt 9', ['f-ten']],
      ['level ge 9 and level le 10', ['f-nine', 'f-ten']],
      ['code eq "exact"', ['f-nine']],
      ['code co "xact" and level pr', ['f-nine', 'f-ten']],
      ['size eq "LARGE"', ['f-nine', 'f-ten']],
      ['rate lt 1', ['f-ten']],
      ['since gt "2024-03-01T00:00:00Z"', ['f-nine']],
      ['remote eq true', ['f-ten']],
      ['tags eq "Q2"', ['f-nine']],
      ['tags[value sw "q"]', ['f-nine', 'f-ten']],
    ]
    for (const [filter, found] of rows) {
      const named = filter.replace(/\b(level|code|size|rate|since|remote|tags)\b(?= |\[)/g, `${urn}:$1`)
      assert.deepEqual(await names(`userName sw "f-" and (${named})`), found, named)
    }
    const sorted = async (by: string) =>
      (await tenant.scim.get(`/Users?filter=userName+sw+%22f-%22&sortBy=${urn}:${by}`)).body.Resources.map(
        (u: Resource) => u.userName,
      )
    assert.deepEqual(await sorted('level'), ['f-nine', 'f-ten'])
    assert.deepEqual(await sorted('rate'), ['f-ten', 'f-nine'])
    const misfit = await tenant.scim.filter('/Users', `${urn}:level eq "9"`)
    assert.deepEqual([misfit.status, misfit.body.scimType], [400, 'invalidFilter'])
  })

  it('change by PATCH: by path, inside a list, whole, and gone', async () => {
    const { id } = await staff({ level: 1, tags: ['a'], phones: [{ value: '1', type: 'work' }] })
    assert.equal((await patched(id, [{ op: 'replace', path: `${urn}:level`, value: 2 }])).level, 2)
    assert.deepEqual((await patched(id, [{ op: 'add', path: `${urn}:tags`, value: ['b', 'A'] }])).tags, ['a', 'b'])
    const path = `${urn}:phones[type eq "work"].value`
    assert.deepEqual((await patched(id, [{ op: 'replace', path, value: '2' }])).phones, [{ value: '2', type: 'work' }])
    assert.equal((await patched(id, [{ op: 'replace', value: { [urn]: { level: 5 } } }])).level, 5)
    assert.equal((await patched(id, [{ op: 'add', value: { [`${urn}:level`]: 6 } }])).level, 6)
    assert.equal((await patched(id, [{ op: 'remove', path: `${urn}:tags` }])).tags, undefined)
    const gone = await tenant.scim.patch(`/Users/${id}`, [{ op: 'remove', path: urn }])
    assert.deepEqual([gone.status, gone.body[urn], gone.body.schemas], [200, undefined, [coreUser]])
    const wrong = await tenant.scim.patch(`/Users/${id}`, [{ op: 'add', path: `${urn}:nothing`, value: 1 }])
    assert.deepEqual([wrong.status, wrong.body.scimType], [400, 'invalidPath'])
  })

  it('that must be unique are 409 with their name, on POST, PUT and PATCH, until the holder leaves', async () => {
    const holder = await staff({ badge: 'One', phones: [{ value: 'x', line: 'L1' }] })
    const other = await staff({ badge: 'Two' })
    const clashes = [{ badge: 'ONE' }, { phones: [{ value: 'y', line: 'l1' }] }]
    for (const clash of clashes as JsonObject[]) {
      const [name = ''] = Object.keys(clash)
      const body = { schemas: [coreUser, urn], userName: other.userName, [urn]: clash }
      for (const answer of [
        await post(clash),
        await tenant.scim.put(`/Users/${other.id}`, body),
        await tenant.scim.patch(`/Users/${other.id}`, [{ op: 'add', value: { [urn]: clash } }]),
      ]) {
        assert.deepEqual([answer.status, answer.body.scimType], [409, 'uniqueness'], answer.text)
        assert.ok(answer.body.detail.includes(`${urn}:${name}`), answer.body.detail)
      }
    }
    await staff({ door: 'Main' })
    await staff({ door: 'main' })
    assert.equal((await post({ door: 'Main' })).status, 409)
    assert.equal((await tenant.scim.delete(`/Users/${holder.id}`)).status, 204)
    await staff({ badge: 'one' })
  })

  it('that must be unique hold any text that is allowed at all', async () => {
    for (const badge of ['\u0001'.repeat(1024), '"'.repeat(1024), 'ü'.repeat(512)]) await staff({ badge })
  })

  it('that are immutable are set once, those that are read-only never', async () => {
    const user = await staff({ level: 1, score: 99 })
    assert.equal(user[urn].score, undefined)
    await patched(user.id, [{ op: 'add', path: `${urn}:serial`, value: 's-2' }])
    await patched(user.id, [{ op: 'replace', path: `${urn}:serial`, value: 's-2' }])
    for (const operation of [
      { op: 'replace', path: `${urn}:serial`, value: 's-3' },
      { op: 'remove', path: `${urn}:serial` },
      { op: 'add', path: `${urn}:score`, value: 's-3' },
      { op: 'remove', path: urn },
    ]) {
      const answer = await tenant.scim.patch(`/Users/${user.id}`, [operation])
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'mutability'], JSON.stringify(operation))
    }
    const put = (serial: Json | undefined) =>
      tenant.scim.put(`/Users/${user.id}`, {
        schemas: [coreUser, urn],
        userName: user.userName,
        [urn]: { level: 2, score: 1, ...(serial !== undefined && { serial }) },
      })
    assert.equal((await put('s-3')).body.scimType, 'mutability')
    assert.deepEqual((await put('s-2')).body[urn], { level: 2, serial: 's-2' })
    assert.deepEqual((await put(undefined)).body[urn], { level: 2, serial: 's-2' })
  })

  it('that are required are asked for on POST, PUT and PATCH, with the extension where that is required', async () => {
    const team = 'urn:acme:scim:2.0:Team'
    for (const body of [{}, { [team]: {} }, { [team]: { lead: 'x' } }, { [team]: null }] as JsonObject[]) {
      const answer = await tenant.scim.post('/Groups', { schemas: [coreGroup, team], displayName: 'G', ...body })
      assert.deepEqual([answer.status, answer.body.scimType], [400, 'invalidValue'], JSON.stringify(body))
      assert.ok(answer.body.detail.includes(team))
    }
    const group = await tenant.group('G', [], { [team]: { cost: 7, lead: 'ada' } })
    assert.deepEqual((await tenant.scim.filter('/Groups', `${team}:cost eq 7`)).body.Resources, [group])
    const without = await tenant.scim.put(`/Groups/${group.id}`, { schemas: [coreGroup], displayName: 'G' })
    assert.deepEqual([without.status, without.body.scimType], [400, 'invalidValue'])
    for (const path of [team, `${team}:cost`]) {
      const answer = await tenant.scim.patch(`/Groups/${group.id}`, [{ op: 'remove', path }])
      assert.equal(answer.status, 400, answer.text)
    }
    assert.deepEqual((await tenant.scim.get(`/Groups/${group.id}`)).body[team], { cost: 7, lead: 'ada' })
  })
})
