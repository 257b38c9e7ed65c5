/** Where the SCIM door is and what it speaks: RFC 7644 §3.1 and §8.1. */
export const scimWire = {
  name: 'scim',
  prefixes: ['/scim/v2/:org', '/scim/:org'],
  contentType: 'application/scim+json',
  accepts: ['application/scim+json', 'application/json'],
} as const
