import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/platform/json.js'
import { babs, becomes, emailsBecome, home, unchanged, work } from '../support/babs.js'
import { enterprise, kinds } from '../support/kinds.js'
import { patched, patchRefusal, strict } from '../support/patching.js'

const { emails: _emails, ...noEmails } = babs

describe('the operations of PATCH (RFC 7644 §3.5.2)', () => {
  describe('add (§3.5.2.1)', () => {
    it('a target that does not exist is created, the extension around it too', () => {
      assert.deepEqual(becomes({ op: 'add', path: 'title', value: 'Guide' }), { ...babs, title: 'Guide' })
      assert.deepEqual(patched({ userName: 'x' }, [{ op: 'add', path: `${enterprise}:department`, value: 'D' }]), {
        userName: 'x',
        [enterprise]: { department: 'D' },
      })
      assert.deepEqual(patched(noEmails, [{ op: 'add', path: 'emails', value: [home] }]).emails, [home])
    })

    it('a single value is replaced, of a complex one only the sub-attributes that are given', () => {
      assert.equal(becomes({ op: 'add', path: 'nickName', value: 'B' }).nickName, 'B')
      assert.deepEqual(becomes({ op: 'add', path: 'name', value: { givenName: 'B', middleName: 'J' } }).name, {
        ...(babs.name as JsonObject),
        givenName: 'B',
        middleName: 'J',
      })
    })

    it('adding a value already there is success and no change, whatever its case', () => {
      unchanged(babs, [{ op: 'add', path: 'emails', value: [home] }])
      unchanged(babs, [{ op: 'add', path: 'emails', value: { value: 'BABS@jensen.org', type: 'Home' } }])
      unchanged(babs, [{ op: 'add', value: { nickName: 'Babs', name: { familyName: 'Jensen' }, emails: [home, home] } }])
      unchanged(babs, [
        { op: 'add', path: 'addresses', value: { type: 'HOME', streetAddress: '456 Hollywood Blvd', locality: 'Hollywood' } },
      ])
      unchanged({ userName: 'x', [kinds.id]: { tags: ['a'] } }, [{ op: 'add', path: `${kinds.id}:tags`, value: ['A', 'a'] }])
    })

    it('the same type and value with another display is one value with the new display', () => {
      const display = { op: 'add', path: 'emails', value: [{ ...home, value: 'BABS@jensen.org', display: 'Babs' }] }
      assert.deepEqual(emailsBecome(display), [work, { ...home, display: 'Babs' }])
    })

    it('the same value of another type is another value (RFC 7643 §2.4)', () => {
      assert.deepEqual(emailsBecome({ op: 'add', path: 'emails', value: [{ ...home, type: 'other' }] }), [
        work,
        home,
        { ...home, type: 'other' },
      ])
    })

    it('null makes a single value unassigned and adds nothing to a list (RFC 7643 §2.5)', () => {
      assert.equal('nickName' in becomes({ op: 'add', value: { nickName: null } }), false)
      unchanged(babs, [{ op: 'add', value: { emails: null, roles: [] } }])
    })
  })

  describe('remove (§3.5.2.2)', () => {
    it('a single value, a sub-attribute, an extension attribute, a whole list and a whole extension become unassigned', () => {
      const { nickName: _, ...noNick } = babs
      assert.deepEqual(becomes({ op: 'remove', path: 'nickName' }), noNick)
      assert.deepEqual(becomes({ op: 'remove', path: 'name.givenName' }).name, {
        formatted: 'Ms. Barbara J Jensen, III',
        familyName: 'Jensen',
      })
      assert.deepEqual(becomes({ op: 'remove', path: `${enterprise}:manager` })[enterprise], { employeeNumber: '701984' })
      assert.deepEqual(becomes({ op: 'remove', path: 'emails' }), noEmails)
      assert.equal(enterprise in becomes({ op: 'remove', path: enterprise }), false)
    })

    it('what has nothing left is unassigned: a list, a complex value, an element, an extension', () => {
      assert.deepEqual(becomes({ op: 'remove', path: 'emails[value pr]' }), noEmails)
      assert.deepEqual(patched({ userName: 'x', name: { givenName: 'A' } }, [{ op: 'remove', path: 'name.givenName' }]), {
        userName: 'x',
      })
      assert.deepEqual(
        patched({ userName: 'x', roles: [{ value: 'a' }] }, [{ op: 'remove', path: 'roles[value eq "a"].value' }]),
        { userName: 'x' },
      )
      const last = [`${enterprise}:employeeNumber`, `${enterprise}:manager`].map((path) => ({ op: 'remove', path }))
      assert.equal(enterprise in becomes(...last), false)
    })

    it('a sub-attribute of the selected elements', () => {
      assert.deepEqual(emailsBecome({ op: 'remove', path: 'emails[type eq "work"].primary' }), [
        { value: work.value, type: 'work' },
        home,
      ])
    })

    it('removing what is not there is success and no change', () => {
      for (const path of [
        'title',
        'emails[type eq "other"]',
        'emails[type eq "other"].value',
        'photos',
        `${kinds.id}:count`,
        kinds.id,
      ]) {
        unchanged(babs, [{ op: 'remove', path }])
      }
      unchanged(babs, [{ op: 'remove', path: 'emails', value: [{ value: 'nobody@example.com' }] }])
    })
  })

  describe('replace (§3.5.2.3)', () => {
    it('an attribute that does not exist is added', () => {
      assert.equal(becomes({ op: 'replace', path: 'title', value: 'Guide' }).title, 'Guide')
      assert.deepEqual(becomes({ op: 'replace', path: 'roles', value: [{ value: 'a' }] }).roles, [{ value: 'a' }])
    })

    it('of a complex value the sub-attributes that are not given stay, and null takes one away', () => {
      const value = { givenName: 'B', formatted: null }
      assert.deepEqual(becomes({ op: 'replace', path: 'name', value }).name, { familyName: 'Jensen', givenName: 'B' })
      assert.deepEqual(becomes({ op: 'replace', value: { name: value } }).name, { familyName: 'Jensen', givenName: 'B' })
    })

    it('all values a filter selects are replaced', () => {
      const result = emailsBecome({ op: 'replace', path: 'emails[value co "b"].display', value: 'x' })
      assert.deepEqual(result, [
        { ...work, display: 'x' },
        { ...home, display: 'x' },
      ])
    })

    it('a filter that selects nothing is 400 noTarget', () => {
      for (const op of ['add', 'replace']) {
        const operation = { op, path: 'emails[type eq "other"].value', value: 'x@example.com' }
        assert.match(patchRefusal(babs, [operation], strict), /^scim_no_target: No value of "emails"/)
        assert.match(patchRefusal(noEmails, [operation], strict), /^scim_no_target: /)
      }
    })

    it('null and an empty list make the attribute unassigned (RFC 7643 §2.5)', () => {
      assert.deepEqual(becomes({ op: 'replace', path: 'emails', value: [] }), noEmails)
      assert.deepEqual(becomes({ op: 'replace', value: { emails: null } }), noEmails)
      assert.deepEqual(emailsBecome({ op: 'replace', path: 'emails[type eq "home"]', value: null }), [work])
    })

    it('a list that names one (type, value) twice holds it once (RFC 7643 §2.4)', () => {
      const value = [home, { ...home, value: 'BABS@JENSEN.ORG', display: 'B' }]
      assert.deepEqual(emailsBecome({ op: 'replace', path: 'emails', value }), [{ ...home, display: 'B' }])
      const path = 'emails[type eq "work"]'
      assert.deepEqual(emailsBecome({ op: 'replace', path, value: { ...home, primary: false } }), [{ ...home, primary: false }])
    })

    it('a reference does not outlive the value it was for', () => {
      const manager = { op: 'replace', path: `${enterprise}:manager`, value: { value: '2' } }
      assert.deepEqual(becomes(manager)[enterprise], { employeeNumber: '701984', manager: { value: '2' } })
      unchanged(babs, [{ op: 'replace', path: `${enterprise}:manager`, value: { value: '26118915' } }])
    })
  })
})
