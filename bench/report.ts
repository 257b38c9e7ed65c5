import { type Finding, shown } from './judge.js'

/** Findings as lines for the terminal and as the page bench/results.md. */

const mark = (passed: boolean): string => (passed ? 'pass' : 'MISS')

export function lines({ title, rates, verdicts }: Finding): string[] {
  const figures = rates.map(({ name, perSecond }) => `${name} ${shown(perSecond)}/s`).join(', ')
  return [
    `${title}${figures ? `: ${figures}` : ''}`,
    ...verdicts.map(({ wanted, found, passed }) => `  ${mark(passed)}  ${wanted}: ${found}`),
  ]
}

const method = `Every server runs in a process of its own on loopback: Gatehouse as it is built, with its log written (level info) and thrown away; the
floor, an Express application with two prepared \`pg\` statements a request (a token row, the resource) and nothing else, without
Express's own ETag; scimmy with scimmy-routers over a Map. The floor of a page streams the same rows from one prepared statement and looks at no
token; the floor of a create is a bare transaction that inserts the same rows (user, identity, state, change, audit event) and advances
the organization's counter, and looks at no token either; the floor of a group reads token, group and members. Gatehouse and the floors
read the same database.

One loader keeps 8 connections alive and sends the next request on each when the last one is answered; changes of one group go over one connection.
Contenders take turns in short rounds, so what else the machine does hits all alike. A figure is the median over the rounds, a
ratio the median of the ratios within each round; rates say how fast this machine was, the ratios are the result.

Rows are written by SQL in the shape the server writes (user with its folded search document, identity, state), then VACUUM ANALYZE
stands in for autovacuum. Each size has a database of its own.`

export function render(findings: readonly Finding[], about: { machine: string; rounds: string }): string {
  const rows = findings.flatMap(({ title, rates, verdicts }) => {
    const figures = rates.map(({ name, perSecond }) => `${name} ${shown(perSecond)}`).join('<br>')
    const rest = verdicts.length > 0 ? verdicts : [{ wanted: '', found: '', passed: undefined }]
    return rest.map(({ wanted, found, passed }, index) => {
      const cells = [
        index === 0 ? title : '',
        index === 0 ? figures : '',
        wanted,
        found,
        passed === undefined ? '' : mark(passed),
      ]
      return `| ${cells.join(' | ')} |`
    })
  })
  const profiles = findings.flatMap(({ title, profile }) => (profile ? [`### ${title}`, '', profile, ''] : []))
  return [
    '# SCIM: what it costs',
    '',
    'Written by `npm run bench:scim`.',
    '',
    '## Figures',
    '',
    '| case | answers a second | wanted | found | |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...(profiles.length > 0 ? ['## Where the time goes in what was missed', '', ...profiles] : []),
    '## Method',
    '',
    method,
    '',
    `Rounds: ${about.rounds}.`,
    '',
    '## Machine',
    '',
    about.machine,
    '',
  ].join('\n')
}
