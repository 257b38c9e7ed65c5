import assert from 'node:assert/strict'
import type { Json } from '../../src/platform/json.js'
import { babs, emailsBecome, home, unchanged, work } from '../support/babs.js'
import { entra, memberDeltas, patched, patchRefusal, strict } from '../support/patching.js'

describe('PATCH', () => {
  describe('the examples of RFC 7644 §3.5.2', () => {
    const id = '2819c223-7f76-453a-919d-413861904646'
    const other = '902c246b-6245-4190-8e05-00816be7344a'
    const member = { display: 'Babs Jensen', $ref: `https://example.com/v2/Users/${id}`, value: id }

    it('adds a member to a group', () => {
      assert.deepEqual(memberDeltas([{ op: 'add', path: 'members', value: [member] }], strict), [
        { kind: 'add', values: [{ value: id }] },
      ])
    })

    it('adds attributes without a path: to a list it appends, whatever the case of the name', () => {
      const value = { emails: [{ value: 'babs@example.net', type: 'other' }], nickname: 'Barb' }
      const result = patched(babs, [{ op: 'add', value }], strict)
      assert.deepEqual(result, { ...babs, nickName: 'Barb', emails: [work, home, { value: 'babs@example.net', type: 'other' }] })
    })

    it('removes one member, or all of them', () => {
      const one = { op: 'remove', path: `members[value eq "${id}"]` }
      assert.deepEqual(memberDeltas([one], strict), [{ kind: 'remove', values: [id] }])
      assert.deepEqual(memberDeltas([{ op: 'remove', path: 'members' }], strict), [{ kind: 'removeAll' }])
    })

    it('removes the elements that a filter of two terms selects', () => {
      const path = 'emails[type eq "work" and value ew "example.com"]'
      assert.deepEqual(patched(babs, [{ op: 'remove', path }], strict).emails, [home])
    })

    it('removes one member and adds another in order', () => {
      const operations = [
        { op: 'remove', path: `members[value eq "${id}"]` },
        { op: 'add', path: 'members', value: [{ ...member, value: other }] },
      ]
      assert.deepEqual(memberDeltas(operations, strict), [
        { kind: 'remove', values: [id] },
        { kind: 'add', values: [{ value: other }] },
      ])
    })

    it('replaces all members', () => {
      const deltas = memberDeltas([{ op: 'replace', path: 'members', value: [member, { value: other, type: 'User' }] }], strict)
      assert.deepEqual(deltas, [{ kind: 'replaceAll', values: [{ value: id }, { value: other, type: 'User' }] }])
    })

    it('replaces the work address, and only its street', () => {
      const address = {
        type: 'work',
        streetAddress: '911 Universal City Plaza',
        locality: 'Hollywood',
        region: 'CA',
        primary: true,
      }
      const [, second] = babs.addresses as Json[]
      const whole = { op: 'replace', path: 'addresses[type eq "work"]', value: address }
      assert.deepEqual(patched(babs, [whole], strict).addresses, [address, second])
      const street = { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '1010 Broadway Ave' }
      const [first] = patched(babs, [street], strict).addresses as Json[]
      assert.deepEqual(first, { type: 'work', streetAddress: '1010 Broadway Ave', locality: 'Hollywood', primary: true })
    })

    it('replaces attributes without a path: a list as a whole', () => {
      const value = { emails: [{ value: 'b@example.com', type: 'work', primary: true }], nickname: 'Barb' }
      const result = patched(babs, [{ op: 'replace', value }], strict)
      assert.deepEqual(result, { ...babs, nickName: 'Barb', emails: [{ value: 'b@example.com', type: 'work', primary: true }] })
    })
  })

  it('operations apply in order, each to what the one before left', () => {
    const operations = [
      { op: 'remove', path: 'emails' },
      { op: 'add', path: 'emails', value: [{ value: 'a@example.com', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' },
    ]
    assert.deepEqual(emailsBecome(...operations), [{ value: 'b@example.com', type: 'work' }])
  })

  it('a list of operations that ends where it began changes nothing', () => {
    unchanged(babs, [
      { op: 'add', path: 'title', value: 'x' },
      { op: 'remove', path: 'title' },
    ])
    unchanged(babs, [], entra)
  })

  describe('primary (§3.5.2, RFC 7643 §2.4)', () => {
    const unset = { ...work, primary: false }
    it('a new primary value takes the mark from the old one, by every way to set it', () => {
      const primary = { ...home, primary: true }
      assert.deepEqual(emailsBecome({ op: 'add', path: 'emails', value: [primary] }), [unset, primary])
      assert.deepEqual(emailsBecome({ op: 'replace', path: 'emails[type eq "home"].primary', value: true }), [unset, primary])
      assert.deepEqual(emailsBecome({ op: 'add', path: 'emails[type eq "home"]', value: { primary: true } }), [unset, primary])
      const fresh = { value: 'c@example.com', primary: true }
      assert.deepEqual(emailsBecome({ op: 'add', value: { emails: [fresh] } }), [unset, home, fresh])
    })

    it('marking the primary value again changes nothing', () => {
      unchanged(babs, [{ op: 'replace', path: 'emails[type eq "work"].primary', value: true }])
    })

    it('one operation that marks several values is 400 invalidValue', () => {
      for (const operation of [
        { op: 'replace', path: 'emails[value pr].primary', value: true },
        { op: 'replace', path: 'emails.primary', value: true },
        { op: 'replace', path: 'emails', value: [work, { ...home, primary: true }] },
      ]) {
        const none = { ...babs, emails: [{ value: 'a', type: 'work' }, home] }
        assert.match(patchRefusal(none, [operation]), /^scim_invalid_value: .*"emails"/)
      }
    })
  })
})
