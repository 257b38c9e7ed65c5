import type { HouseRule } from './house-levels.js'
import type { SourceFile } from './source-tree.js'

/** What may be used where, and how files look. Paths are those below src/; migrations and seeds are named where a rule holds for them. */

type Places = RegExp

/** Packages that only some files may import, with one name that the rule must catch. */
const packages: readonly { says: string; name: RegExp; places: Places; breach: string }[] = [
  {
    says: 'knex is imported where SQL is written, and nowhere else',
    name: /^knex(\/|$)/,
    places: /^(platform\/db\/.*|.*-store|journal\/change|directory\/filter|access\/facts)\.ts$/,
    breach: 'knex',
  },
  {
    says: 'the drivers of the database are imported in platform/db/ only',
    name: /^(pg|@electric-sql\/.*)$/,
    places: /^platform\/db\//,
    breach: 'pg',
  },
  {
    says: 'the maker of ids is imported in platform/ids.ts only',
    name: /^uuidv7$/,
    places: /^platform\/ids\.ts$/,
    breach: 'uuidv7',
  },
  {
    says: 'express is imported in http/ and where logins need its cookies and forms',
    name: /^express(\/|$)/,
    places: /^(http\/.*|login\/.*-routes\.ts|login\/session\.ts)$/,
    breach: 'express',
  },
  {
    says: 'passport, node-saml and openid-client are imported in the SAML and OIDC files of login/ only',
    name: /^(passport.*|@node-saml\/.*|openid-client(\/.*)?)$/,
    places: /^login\/(saml|saml-verify-worker|oidc)\.ts$/,
    breach: '@node-saml/node-saml',
  },
  {
    says: 'scim-patch is imported in scim/patch.ts only, which shows it resolved operations alone',
    name: /^scim-patch(\/|$)/,
    places: /^scim\/patch\.ts$/,
    breach: 'scim-patch',
  },
  { says: 'commander is imported in cli/ only', name: /^commander$/, places: /^cli\//, breach: 'commander' },
]

/** Words of code that only some files may say. */
const words: readonly { says: string; word: RegExp; places: Places; breach: string }[] = [
  {
    says: 'the environment is read in platform/config.ts only',
    word: /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\benv\b[^}\n]*\}\s*from 'node:process'|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/,
    places: /^platform\/config\.ts$/,
    breach: 'const port = process.env.PORT',
  },
  {
    says: 'the time comes from platform/ only',
    word: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|(?![\s(\w$]))|(?<!new\s+)(?<![.\w])Date\s*\(|\bTemporal\.Now\b/,
    places: /^platform\//,
    breach: 'const now = new Date()',
  },
  {
    says: 'stop watches are used in platform/ and http/ only',
    word: /\bperformance\s*\.\s*(now|timeOrigin)\b|\bhrtime\b/,
    places: /^(platform|http)\//,
    breach: 'const started = performance.now()',
  },
  {
    says: 'ids and chance come from platform/ only',
    word: /\b(randomUUID|randomBytes|randomInt|getRandomValues|randomFillSync|randomFill)\b|\bMath\s*\.\s*random\b/,
    places: /^platform\//,
    breach: "import { randomUUID } from 'node:crypto'",
  },
  {
    says: 'authority is minted in journal/ and access/authorize.ts only',
    word: /\bmintAuthority\b/,
    places: /^(journal\/.*|access\/authorize\.ts)$/,
    breach: 'const by = mintAuthority(act)',
  },
  {
    says: 'there is no default export',
    word: /\bexport\s+default\b|\bas\s+default\b/,
    places: /^$/,
    breach: 'export default {}',
  },
  { says: 'there is no enum', word: /\benum\s+[\w$]+\s*\{/, places: /^$/, breach: 'enum Kind { A }' },
  { says: 'there is no any', word: /[:<,|&(=]\s*any\b(?!\s*[(:'])|\bas\s+any\b/, places: /^$/, breach: 'let value: any' },
  {
    says: 'a class is an error, and nothing else is a class',
    word: /\bclass\s+(?![\w$]+Error\s+extends\s+[\w$]*Error\b)[\w$]+|\bclass\s*\{/,
    places: /^$/,
    breach: 'class UserService {}',
  },
  {
    says: 'no function takes a bare boolean',
    word: /[(,]\s*[\w$]+\??:\s*boolean\s*[,)]|[(,]\s*[\w$]+(:\s*boolean)?\s*=\s*(true|false)\s*[,)]/,
    places: /^$/,
    breach: 'export function list(all: boolean) {}',
  },
]

/** Files that only think: nothing they run, themselves or through what they import, reaches a database, a disk or a network. */
const pure =
  /^src\/(directory\/(fold|filter.*|model)|access\/(condition|statements|rules|resolve|decide|explain)|http\/(match|json|problem)|login\/matching|scim\/(attribute.*|discovery|distinct|element-.*|filter.*|immutable|patch.*|projection.*|provision-log-(events|filter|line|redact|redaction|replay-body|request|text|understood)|required|schema-.*|selection|validate|value|user-resource|group-resource))\.ts$/
const reaches =
  /^(knex|pg|express|pino|prom-client|node:(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads)|@electric-sql)(\/|$)/

function impurities(tree: readonly SourceFile[]): string[] {
  const byPath = new Map(tree.map((file) => [file.path, file]))
  const reach = (path: string, seen: Set<string>): string | undefined => {
    if (seen.has(path)) return undefined
    seen.add(path)
    for (const use of byPath.get(path)?.imports ?? []) {
      if (use.typesOnly) continue
      const found = use.target ? reach(use.target, seen) : reaches.test(use.from) ? use.from : undefined
      if (found) return use.target ? `${use.target} → ${found}` : found
    }
    return undefined
  }
  return tree
    .filter((file) => pure.test(file.path))
    .flatMap((file) => {
      const found = reach(file.path, new Set())
      return found ? [`${file.path} → ${found}`] : []
    })
}

const server = (tree: readonly SourceFile[]) => tree.filter((file) => file.path.startsWith('src/'))
const inside = (file: SourceFile): string => file.path.replace(/^src\//, '')
const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0

const longest = 250
const medianAtMost = 90

const wordRules: readonly HouseRule[] = words.map(({ says, word, places, breach }) => ({
  says,
  check: (tree) =>
    server(tree)
      .filter((file) => word.test(file.code) && !places.test(inside(file)))
      .map((file) => {
        const line = file.code.slice(0, word.exec(file.code)?.index).split('\n').length
        return `${file.path}:${line}`
      }),
  breach: { 'src/scim/a.ts': breach },
}))

const packageRules: readonly HouseRule[] = packages.map(({ says, name, places, breach }) => ({
  says,
  check: (tree) =>
    server(tree)
      .filter((file) => file.imports.some((use) => name.test(use.from)) && !places.test(inside(file)))
      .map((file) => file.path),
  breach: { 'src/scim/a.ts': `import type { B } from '${breach}'` },
}))

export const wordingRules: readonly HouseRule[] = [
  ...packageRules,
  ...wordRules,
  {
    says: 'what only thinks reaches no database, disk or network',
    check: impurities,
    breach: {
      'src/scim/patch.ts': "import { b } from './b.js'",
      'src/scim/b.ts': "import { readFileSync } from 'node:fs'",
    },
  },
  {
    says: `no file is longer than ${longest} lines`,
    check: (tree) => server(tree).flatMap((file) => (file.lines > longest ? [`${file.path} has ${file.lines} lines`] : [])),
    breach: { 'src/scim/a.ts': 'a()\n'.repeat(longest + 1) },
  },
  {
    says: `half of all files have ${medianAtMost} lines or fewer`,
    check: (tree) => {
      const found = median(
        server(tree)
          .map((file) => file.lines)
          .sort((a, b) => a - b),
      )
      return found > medianAtMost ? [`the median is ${found} lines`] : []
    },
    breach: { 'src/scim/a.ts': 'a()\n'.repeat(medianAtMost + 1) },
  },
  {
    says: 'files and folders are in kebab-case',
    check: (tree) =>
      server(tree)
        .filter((file) => !file.path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.d)?(\.tsx?)?$/.test(part)))
        .map((file) => file.path),
    breach: { 'src/scim/userStore.ts': '' },
  },
  {
    says: 'there is no drawer for odds and ends',
    check: (tree) =>
      server(tree)
        .filter((file) => file.path !== 'src/contract/common.ts')
        .filter((file) => /\/(common|misc|shared|lib)(\/|\.tsx?$)|[/-](utils?|helpers?)(\/|\.tsx?$)/.test(file.path))
        .map((file) => file.path),
    breach: { 'src/scim/patch-helpers.ts': '' },
  },
]
