import type { Import, SourceFile } from './source-tree.js'

/**
 * Who may import whom (docs: the tree in the README). A rule gets the whole tree and returns one line for each breach; its `breach`
 * is a small tree that breaks it, so that a rule which no longer sees anything fails too.
 */

export type HouseRule = {
  readonly says: string
  readonly check: (tree: readonly SourceFile[]) => string[]
  /** Files, as path and text, in which the rule must find exactly one breach. */
  readonly breach: Readonly<Record<string, string>>
}

const levels: Readonly<Record<string, number>> = {
  platform: 0,
  contract: 0,
  journal: 1,
  directory: 2,
  access: 3,
  connections: 4,
  credentials: 4,
  invites: 4,
  http: 4,
  scim: 5,
  login: 5,
  admin: 5,
  operator: 5,
  authzen: 5,
  feed: 5,
  cli: 6,
}

/** The only files at the root of src/: where parts are put together, and the module that prepares data in a process of its own. */
const rootFiles = ['app.ts', 'main.ts']
/** Not part of the server: they see the wire's shapes and nothing else. */
const guests = ['console', 'client']
const importedByFile = ['platform', 'contract', 'http']

type Place = { readonly folder: string; readonly level: number; readonly file: string }

function placeOf(path: string): Place | undefined {
  const [top, ...rest] = path.split('/')
  if (top === 'seeds') return { folder: 'seeds', level: 6, file: rest.join('/') }
  if (top !== 'src') return undefined
  const [folder = '', ...inside] = rest
  if (inside.length === 0) return rootFiles.includes(folder) ? { folder: '', level: 6, file: folder } : undefined
  const level = levels[folder]
  return level === undefined ? undefined : { folder, level, file: inside.join('/') }
}

const isGuest = (path: string): boolean => guests.some((guest) => path.startsWith(`src/${guest}/`))

type Edge = { readonly from: SourceFile; readonly use: Import; readonly target: string }

/** Every import of one of our own files. */
function edges(tree: readonly SourceFile[]): Edge[] {
  return tree.flatMap((from) => from.imports.flatMap((use) => (use.target ? [{ from, use, target: use.target }] : [])))
}

const arrow = (edge: Edge): string => `${edge.from.path} → ${edge.target}`

function breachesOf(tree: readonly SourceFile[], isBreach: (from: Place, to: Place, edge: Edge) => boolean): string[] {
  return edges(tree)
    .filter((edge) => {
      const from = placeOf(edge.from.path)
      const to = placeOf(edge.target)
      return from !== undefined && to !== undefined && from.folder !== to.folder && isBreach(from, to, edge)
    })
    .map(arrow)
}

function findCycle(tree: readonly SourceFile[]): string[] {
  const targets = new Map(tree.map((file) => [file.path, file.imports.flatMap((use) => use.target ?? [])]))
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' → ')]
    if (done.has(path)) return []
    for (const next of targets.get(path) ?? []) {
      const cycle = visit(next, [...trail, path])
      if (cycle.length > 0) return cycle
    }
    done.add(path)
    return []
  }
  for (const path of targets.keys()) {
    const cycle = visit(path, [])
    if (cycle.length > 0) return cycle
  }
  return []
}

export const levelRules: readonly HouseRule[] = [
  {
    says: 'every file of src/ has its place in the level table',
    check: (tree) =>
      tree.filter(({ path }) => path.startsWith('src/') && !isGuest(path) && !placeOf(path)).map(({ path }) => path),
    breach: { 'src/billing/invoices.ts': '' },
  },
  {
    says: 'every import of our own names a file that exists',
    check: (tree) => {
      const known = new Set(tree.map((file) => file.path))
      return edges(tree)
        .filter((edge) => !known.has(edge.target))
        .map(arrow)
    },
    breach: { 'src/scim/a.ts': "import { b } from './b.js'" },
  },
  {
    says: 'a folder imports lower levels only, never sideways and never up',
    check: (tree) => breachesOf(tree, (from, to) => to.level >= from.level && from.level < 6),
    breach: { 'src/journal/a.ts': "import type { B } from '../directory/index.js'" },
  },
  {
    says: 'doors never import one another',
    check: (tree) => breachesOf(tree, (from, to) => from.level === 5 && to.level === 5),
    breach: { 'src/scim/a.ts': "export { b } from '../login/b.js'" },
  },
  {
    says: 'from outside a folder of level 1 to 4 only its index is imported',
    check: (tree) =>
      breachesOf(
        tree,
        (_, to) => to.level >= 1 && to.level <= 4 && !importedByFile.includes(to.folder) && to.file !== 'index.ts',
      ),
    breach: { 'src/scim/a.ts': "import { userStore } from '../directory/user-store.js'" },
  },
  {
    says: 'there is no import cycle',
    check: findCycle,
    breach: {
      'src/journal/a.ts': "import './b.js'",
      'src/journal/b.ts': "import { c } from './c.js'",
      'src/journal/c.ts': "import type { A } from './a.js'",
    },
  },
  {
    says: 'contract/ imports zod and its own files only',
    check: (tree) =>
      tree
        .filter(({ path }) => path.startsWith('src/contract/'))
        .flatMap((file) => file.imports.filter((use) => use.from !== 'zod' && !use.target?.startsWith('src/contract/')))
        .map((use) => use.from),
    breach: { 'src/contract/a.ts': "import { b } from '../platform/ids.js'" },
  },
  {
    says: 'the console and the client see contract/ of src/ and nothing else; the client its types alone',
    check: (tree) =>
      edges(tree)
        .filter(({ from, use, target }) => {
          const guest = guests.find((name) => from.path.startsWith(`src/${name}/`))
          if (!guest || target.startsWith(`src/${guest}/`)) return false
          return !target.startsWith('src/contract/') || (guest === 'client' && !use.typesOnly)
        })
        .map(arrow),
    breach: { 'src/client/a.ts': "import { user } from '../contract/user.js'" },
  },
  {
    says: 'only level 6 reaches migrations/ and seeds/, and nothing of src/ reaches out elsewhere',
    check: (tree) =>
      edges(tree)
        .filter(({ from, target }) => from.path.startsWith('src/') && !target.startsWith('src/'))
        .filter(({ from, target }) => placeOf(from.path)?.level !== 6 || !/^(migrations|seeds)\//.test(target))
        .map(arrow),
    breach: { 'src/http/a.ts': "import { migrations } from '../../migrations/index.js'" },
  },
  {
    says: 'a migration imports nothing of src/ but types of platform/db, and no package but the types of knex',
    check: (tree) =>
      tree
        .filter(({ path }) => path.startsWith('migrations/'))
        .flatMap((file) =>
          file.imports
            .filter((use) => !use.target?.startsWith('migrations/'))
            .filter((use) => !use.typesOnly || !(use.from === 'knex' || use.target?.startsWith('src/platform/db/')))
            .map((use) => `${file.path} → ${use.from}`),
        ),
    breach: { 'migrations/20260101_0000_fold_names.ts': "import { fold } from '../src/directory/fold.js'" },
  },
]
