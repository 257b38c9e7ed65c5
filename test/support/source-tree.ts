import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The source as text, for the rules of the house: each file with its imports, and its code with comments, texts and patterns blanked,
 * so that a rule never trips over a word in a comment. Templates keep the code inside `${}`.
 */

export type Import = {
  /** As written: `knex`, `../platform/ids.js`. */
  readonly from: string
  /** Path from the repository's root of the file it names, `src/platform/ids.ts`; undefined for packages. */
  readonly target: string | undefined
  /** True where nothing of it is left at run time. */
  readonly typesOnly: boolean
  /** Imported or re-exported names, without aliases; empty for a bare or a dynamic import. */
  readonly names: readonly string[]
}

export type SourceFile = {
  /** From the repository's root, with slashes: `src/journal/change.ts`. */
  readonly path: string
  readonly code: string
  readonly lines: number
  readonly imports: readonly Import[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))

// A slash opens a pattern, not a division, where no value can stand before it.
const beforePattern = /(?:^|[=(,:[!&|?{};+~<>*%^-]|\b(?:return|typeof|case|in|of|do|else))\s*$/
const pattern = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y
const quoted = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y

function matchAt(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at
  return expression.exec(text)?.[0]
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** Code alone: everything that does not run is blanked, every character and line stays in its place. */
export function codeOf(text: string): string {
  let code = ''
  let at = 0
  // One entry for each open template: how many braces are open inside its current `${}`, or undefined within its text.
  const templates: (number | undefined)[] = []
  const take = (length: number, kept: string) => {
    code += kept
    at += length
  }
  while (at < text.length) {
    const letter = text.charAt(at)
    const depth = templates.at(-1)
    if (templates.length > 0 && depth === undefined) {
      if (letter === '\\') take(2, blank(text.slice(at, at + 2)))
      else if (letter === '`') {
        templates.pop()
        take(1, '`')
      } else if (text.startsWith('${', at)) {
        templates[templates.length - 1] = 0
        take(2, '${')
      } else take(1, blank(letter))
      continue
    }
    const skipped = matchAt(comment, text, at) ?? (beforePattern.test(code.slice(-40)) ? matchAt(pattern, text, at) : undefined)
    const string = matchAt(quoted, text, at)
    if (skipped) take(skipped.length, blank(skipped))
    else if (string) take(string.length, `'${blank(string.slice(1, -1))}'`)
    else if (letter === '`') {
      templates.push(undefined)
      take(1, '`')
    } else {
      if (depth !== undefined && letter === '{') templates[templates.length - 1] = depth + 1
      if (depth !== undefined && letter === '}') templates[templates.length - 1] = depth === 0 ? undefined : depth - 1
      take(1, letter)
    }
  }
  return code
}

const statement = /\b(?:import|export)\s+(type\s+)?((?:[\w$*]+|\{[^}]*\})(?:\s*,\s*\{[^}]*\})?(?:\s+as\s+\w+)?\s+from\s+)?'/g
const dynamic = /\bimport\(\s*'/g

function targetOf(path: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  return posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts')
}

function importsOf(path: string, text: string, code: string): Import[] {
  const named = (end: number) => text.slice(end, text.indexOf(text.charAt(end - 1), end))
  const found: Import[] = []
  for (const match of code.matchAll(statement)) {
    const from = named(match.index + match[0].length)
    const listed = (match[2] ?? '').replace(/\*\s+as\s|\sfrom\s+$/g, '').matchAll(/(type\s+)?([\w$]+)(?:\s+as\s+\w+)?/g)
    const names = [...listed].map((name) => ({ type: Boolean(name[1]), name: name[2] ?? '' }))
    const typesOnly = Boolean(match[1]) || (names.length > 0 && names.every((name) => name.type))
    found.push({ from, target: targetOf(path, from), typesOnly, names: names.map((name) => name.name) })
  }
  for (const match of code.matchAll(dynamic)) {
    const from = named(match.index + match[0].length)
    found.push({ from, target: targetOf(path, from), typesOnly: false, names: [] })
  }
  return found
}

/** A file of the tree from its text. */
export function sourceFile(path: string, text: string): SourceFile {
  const code = codeOf(text)
  return { path, code, lines: text.trimEnd().split('\n').length, imports: importsOf(path, text, code) }
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}

/** Every TypeScript file below the given folders of the repository; a folder that is not there yet holds none. */
export function readTree(...folders: string[]): SourceFile[] {
  return folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap(walk)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => sourceFile(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')))
}
