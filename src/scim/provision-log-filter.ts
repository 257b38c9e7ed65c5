import type { ResourceType } from '../contract/attribute-definition.js'
import type { Switches } from './dialects/switches.js'
import { resolveFilter } from './filter.js'
import { type FilterSyntax, parseFilter } from './filter-syntax.js'
import { resolveTarget, type Target } from './patch-target.js'
import { keepText, notStored, type Redaction } from './provision-log-redaction.js'

/**
 * Filters and PATCH paths in the provisioning log. One that the schema understands compares attributes that may be read and is kept as
 * it was sent; of any other the literals are left out, since nobody can say what they are.
 */

/** No filter or path that is longer is read, here or by the parser. */
const longestRead = 8_192

const token = /"(?:[^"\\]|\\.)*"?|[^\s()[\]"]+/gs
const operators = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'])
const words = new Set([...operators, 'and', 'or', 'not'])

/** The filter as syntax where one of the types understands it; undefined for any other. */
function understoodFilter(text: string, types: readonly ResourceType[], switches: Switches): FilterSyntax | undefined {
  const syntax = attempt(() => parseFilter(text, { bareValues: switches.bareFilterValues }))
  return syntax && types.some((type) => attempt(() => resolveFilter(type, syntax, switches))) ? syntax : undefined
}

export function keepFilter(text: string, types: readonly ResourceType[], switches: Switches, redaction: Redaction): string {
  redaction.filter = understoodFilter(text, types, switches)
  return keepText(redaction.filter ? text : withoutLiterals(text, redaction), redaction)
}

/** What a PATCH path names; undefined where the schema does not understand it. */
export function understoodPath(path: string, type: ResourceType, switches: Switches): Target | undefined {
  return attempt(() => resolveTarget(type, path, switches))
}

/** The path to store, given what it was understood as. */
export function keepPath(path: string, target: Target | undefined, redaction: Redaction): string {
  return keepText(target ? path : withoutLiterals(path, redaction), redaction)
}

/** Names and operators stay; what stands where a value would is left out and remembered. */
function withoutLiterals(text: string, redaction: Redaction): string {
  if (text.length > longestRead) {
    redaction.cut = true
    redaction.unseen = true
    return notStored
  }
  const tokens = [...text.matchAll(token)]
  const isOperator = (at: number) => operators.has(tokens[at]?.[0].toLowerCase() ?? '')
  let kept = ''
  let from = 0
  for (const [at, match] of tokens.entries()) {
    const word = match[0]
    const isName =
      !word.startsWith('"') && (at === 0 || words.has(word.toLowerCase()) || isOperator(at + 1) || /^\.[\w$-]+$/.test(word))
    kept += text.slice(from, match.index)
    kept += isName ? word : notStored
    from = match.index + word.length
    if (!isName) redaction.withheld.push(...spellings(word))
  }
  return kept + text.slice(from)
}

/** A literal as a refusal could repeat it: bare, in quotes, as JSON. */
function spellings(word: string): string[] {
  const bare = word.replace(/^"|"$/g, '')
  return [...new Set([bare, `"${bare}"`, JSON.stringify(bare)])]
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
