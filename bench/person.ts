import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../src/platform/json.js'

/** The people of the bench: a profile as an identity provider sends it, invented and numbered. The SQL in rows.ts makes the same. */

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const givenNames = ['Ada', 'Boris', 'Chioma', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas']
export const familyNames = ['Lovelace', 'Okafor', 'Lindqvist', 'Rahimi', 'Nakamura', 'Silva', 'Novak', 'Murphy']
export const departments = ['Operations', 'Finance', 'Engineering', 'Sales', 'Support', 'Legal', 'Research']

const pick = (names: readonly string[], n: number): string => names[n % names.length] ?? ''

export function profileOf(n: number): JsonObject {
  const [givenName, familyName] = [pick(givenNames, n), pick(familyNames, n)]
  return {
    name: { givenName, familyName, formatted: `${givenName} ${familyName}` },
    displayName: `${givenName} ${familyName} ${n}`,
    title: 'Analyst',
    preferredLanguage: 'en-GB',
    emails: [{ value: `user${n}@bench.example`, type: 'work', primary: true }],
    phoneNumbers: [{ value: `+44 20 7946 ${n}`, type: 'work' }],
    [enterprise]: { employeeNumber: `E${n}`, department: pick(departments, n), costCenter: 'CC-1' },
  }
}

/** The body of a POST that creates somebody new; every call makes another one. */
export function newPerson(): JsonObject {
  const unique = randomUUID()
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
    userName: `new-${unique}@bench.example`,
    externalId: unique,
    active: true,
    ...profileOf(Number.parseInt(unique.slice(0, 8), 16)),
  }
}
