import type { RunningServer } from './run-server.js'

/** What a started server says of itself, and what to try first. Pure text. */

const scimUser = JSON.stringify({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ada@demo.example',
  name: { givenName: 'Ada', familyName: 'Byron' },
})

function firstSteps({ scim, operator }: RunningServer): string[] {
  if (!scim.token) {
    return [
      'Set up an organization with a SCIM connection:',
      '',
      '  npx gatehouse org create acme --with-scim',
      ...(operator.token ? [] : ['', 'Tokens are shown only when they are made.']),
    ]
  }
  const bearer = `-H 'Authorization: Bearer ${scim.token}'`
  return [
    'Demo mode: the secrets below are new at every start. The organization "demo" has a SCIM connection.',
    '',
    `  SCIM base URL    ${scim.baseUrl}`,
    `  bearer token     ${scim.token}`,
    `  operator token   ${operator.token ?? ''}`,
    '',
    'Try first: create a user, then list all of them.',
    '',
    `curl -X POST '${scim.baseUrl}/Users' ${bearer} -H 'Content-Type: application/scim+json' -d '${scimUser}'`,
    '',
    `curl '${scim.baseUrl}/Users?attributes=userName,displayName' ${bearer}`,
  ]
}

/** The page for people. */
export function startPage(server: RunningServer): string {
  const database = {
    embedded: 'embedded, for one process: try things out with it, and set DATABASE_URL to a PostgreSQL server for anything real',
    postgresql: 'PostgreSQL',
  }[server.database]
  return [
    '',
    `Gatehouse is ready at ${server.url}`,
    '',
    `  database         ${database}`,
    `  SCIM             ${server.scim.baseUrl}`,
    `  operator         ${server.operator.baseUrl}`,
    `  health           ${server.url}/healthz/live  ${server.url}/healthz/ready`,
    `  metrics          ${server.url}/metrics`,
    '',
    ...firstSteps(server),
    '',
  ].join('\n')
}

/** The line for tools. */
export function startLine({ url, scim, operator }: RunningServer): string {
  const hint = scim.token
    ? undefined
    : 'gatehouse org create NAME --with-scim makes an organization, a SCIM connection and its token'
  return JSON.stringify({ event: 'ready', url, scim, operator, hint })
}
