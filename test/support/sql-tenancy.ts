/**
 * Judges one SQL statement: every tenant table it reads or writes must be held to an organization, each reference by itself. SQL is
 * read as text, scope by scope: a scope is one select, insert, update or delete, without the scopes nested in it.
 */

type Table = { readonly name: string; readonly alias: string }

// Quoted texts would hide or fake words; a quoted name is an ordinary one here.
const plain = (sql: string): string =>
  sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:''|[^'])*'/g, "''")
    .replace(/"(\w+)"/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

const opensStatement = /\( ?(select|with|insert|update|delete)\b/y

/** The statement and every one nested in it, each with `(#)` in place of its own nested ones. */
function scopesOf(sql: string): string[] {
  const scopes: string[] = []
  const open = [{ text: '', nested: true }]
  for (let at = 0; at < sql.length; at++) {
    const letter = sql.charAt(at)
    const top = open.at(-1)
    const parent = open.at(-2)
    if (letter === '(') {
      opensStatement.lastIndex = at
      open.push({ text: '', nested: opensStatement.test(sql) })
    } else if (letter === ')' && top && parent) {
      open.pop()
      parent.text += top.nested ? '(#)' : `(${top.text})`
      if (top.nested) scopes.push(top.text)
    } else if (top) top.text += letter
  }
  return [...open.map((scope) => scope.text), ...scopes].flatMap((text) => text.split(/\b(?:union|intersect|except)(?: all)?\b/))
}

const afterTable =
  'on|where|inner|left|right|full|cross|join|natural|using|order|group|limit|set|values|returning|for|select|default|offset|having|fetch|is|and|or'
const name = `(?:only )?(?:public\\.)?(\\w+)(?: (?:as )?(?!(?:${afterTable})\\b)(\\w+))?`
const listed = new RegExp(`(?:\\b(?:from|join|using)|,) (?:lateral )?${name}`, 'g')
const updated = new RegExp(`\\bupdate ${name} set\\b`, 'g')
const inserted = /\binsert into (?:public\.)?(\w+)(?: as \w+)? ?(?:\(([^)]*)\))?/

const tables = (text: string, pattern: RegExp): Table[] =>
  [...text.matchAll(pattern)].map((match) => ({ name: match[1] ?? '', alias: match[2] ?? match[1] ?? '' }))

/** The part of a select, update or delete that chooses rows. */
function choice(text: string): string {
  const start = text.search(/\bupdate\b.* set\b/) >= 0 ? text.search(/ (from|where)\b/) : text.search(/\bfrom\b/)
  return start < 0 ? '' : text.slice(start).replace(/\b(group by|order by|limit|offset|returning)\b.*$/, '')
}

/** Aliases whose organization is compared with a value, or with that of an alias which is. */
function heldAliases(chosen: string, aliases: readonly string[]): Set<string> {
  const only = aliases.length === 1 ? aliases[0] : undefined
  const held = new Set<string>()
  const pairs: string[][] = /\busing ?\( ?org_id\b/.test(chosen) ? [[...aliases]] : []
  for (const match of chosen.matchAll(/(?:(\w+)\.)?\borg_id\b(?: ?= ?(?:(\w+)\.(org_id)\b)?| in\b|,[^()]*\) ?(?:in\b|=))/g)) {
    const left = match[1] ?? only
    const right = match[3] ? match[2] : undefined
    const known = [left, right].filter((alias): alias is string => alias !== undefined && aliases.includes(alias))
    if (known.length === 2) pairs.push(known)
    else for (const alias of known) held.add(alias)
  }
  for (const match of chosen.matchAll(/= ?(?:(\w+)\.)?org_id\b/g)) {
    const before = chosen.slice(0, match.index).trimEnd()
    const alias = match[1] ?? only
    if (alias && aliases.includes(alias) && !/\borg_id$/.test(before)) held.add(alias)
  }
  for (let grown = true; grown; ) {
    grown = false
    for (const pair of pairs) {
      if (!pair.some((alias) => held.has(alias))) continue
      for (const alias of pair) {
        grown ||= !held.has(alias)
        held.add(alias)
      }
    }
  }
  return held
}

function faultsOf(scope: string, isTenant: (table: string) => boolean): string[] {
  const insert = inserted.exec(scope)
  const into = insert?.[1] ?? ''
  const faults = isTenant(into) && !/\borg_id\b/.test(insert?.[2] ?? '') ? [into] : []
  const rest = insert ? scope.slice(insert.index + insert[0].length).replace(/\bon conflict\b.*$/, '') : scope
  const chosen = choice(rest)
  const used = [...tables(rest, updated), ...tables(chosen, listed)].filter((table) => isTenant(table.name))
  const held = heldAliases(
    chosen,
    used.map((table) => table.alias),
  )
  return [...faults, ...used.filter((table) => !held.has(table.alias)).map((table) => table.name)]
}

/** Tenant tables that a statement touches without naming their organization; empty where there is nothing to say. */
export function unheldTables(sql: string, tenantTables: ReadonlySet<string>): string[] {
  const text = plain(sql)
  if (!/^\(*(select|with|insert|update|delete)\b/.test(text)) return []
  return [...new Set(scopesOf(text).flatMap((scope) => faultsOf(scope, (table) => tenantTables.has(table))))]
}
