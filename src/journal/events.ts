/** Every event the journal knows. A past-tense name, and the sentence that says when it is recorded. */
export const events = {
  'organization.created': 'An organization was set up.',
  'connection.created': 'A channel to an identity provider was configured.',
  'connection.paused': 'A connection stopped accepting changes; nothing it gave was removed.',
  'connection.resumed': 'A paused connection accepts changes again.',
  'connection_token.created': 'A bearer token of a SCIM connection was made.',
  'connection_token.rotated': 'A bearer token got a successor and ends after the overlap.',
  'connection_token.revoked': 'A bearer token of a SCIM connection was ended.',
  'operator_token.created': 'A token for whoever runs the installation was made.',
  'operator_token.revoked': 'A token for whoever runs the installation was ended.',
  'schema_extension.defined': 'An organization gave users or groups attributes of its own.',
  'schema_extension.updated': 'Attributes of an extension were added or described anew.',
  'user.created': 'A person or service account came into the directory.',
  'user.updated': 'Attributes of a user changed.',
  'user.deactivated': 'A user was switched off: what they hold is inert, sessions and tokens are over.',
  'user.reactivated': 'A user was switched on again; old sessions and tokens stay over.',
  'user.deleted': 'A user left for good; the name and the external id are free again.',
  'group.created': 'A group came into the directory.',
  'group.updated': 'Attributes of a group changed.',
  'group.members_changed': 'Members came into a group or left it.',
  'group.deleted': 'A group was removed; its members lost what it gave them.',
} as const

export type EventName = keyof typeof events
