import { defineSchema, plural } from './schema-define.js'

/**
 * The Group schema: RFC 7643 §4.2, characteristics of §8.7.1 with its errata, but displayName is required as §4.2 says (the
 * listing forgot it), members have a `display` that this server renders, and ids compare with case as `id` itself does.
 */

export const groupSchema = defineSchema({
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  attributes: [
    { name: 'displayName', description: 'The name of the group.', required: true },
    plural('members', 'The users and groups that belong to the group.', [
      { name: 'value', description: 'The id of the member.', caseExact: true, mutability: 'immutable' },
      {
        name: '$ref',
        type: 'reference',
        referenceTypes: ['User', 'Group'],
        description: 'The URI of the member.',
        mutability: 'immutable',
      },
      {
        name: 'type',
        description: 'What the member is.',
        canonicalValues: ['User', 'Group'],
        mutability: 'immutable',
      },
      { name: 'display', description: 'The name of the member.', mutability: 'readOnly' },
    ]),
  ],
})
