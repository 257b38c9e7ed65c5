import { defineSchema } from './schema-define.js'

/** The enterprise extension of User: RFC 7643 §4.3, characteristics of §8.7.1 with its errata (8472: ids compare with case). */

export const enterpriseUserSchema = defineSchema({
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise user',
  attributes: [
    { name: 'employeeNumber', description: 'The number or code the organization gave the person.' },
    { name: 'costCenter', description: 'The cost center.' },
    { name: 'organization', description: 'The organization.' },
    { name: 'division', description: 'The division.' },
    { name: 'department', description: 'The department.' },
    {
      name: 'manager',
      type: 'complex',
      description: "The user's manager.",
      subAttributes: [
        { name: 'value', description: "The id of the manager's User resource.", caseExact: true },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User'],
          description: "The URI of the manager's User resource.",
        },
        { name: 'displayName', description: "The manager's displayName.", mutability: 'readOnly' },
      ],
    },
  ],
})
