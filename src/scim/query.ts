import type { Json, JsonObject } from '../platform/json.js'
import { refuse } from './errors.js'
import { distinctEntries } from './keys.js'
import type { Selection } from './selection.js'

/** What a query asks: RFC 7644 §3.4.2 (as URL parameters) and §3.4.3 (as the body of `/.search`). */
export type ScimQuery = {
  readonly filter: string | undefined
  readonly sortBy: string | undefined
  readonly sortOrder: string | undefined
  /** 1-based; smaller values count as 1. */
  readonly startIndex: number
  /** Wanted page size; 0 asks for the total alone, undefined leaves it to the server. */
  readonly count: number | undefined
  /** Asks for pages by cursor (RFC 9865 §2): empty for the first one. Undefined asks for pages by index. */
  readonly cursor: string | undefined
  readonly selection: Selection
}

const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

function wholeNumber(
  name: string,
  value: string | undefined,
  scimType: 'invalidValue' | 'invalidCount' = 'invalidValue',
): number | undefined {
  if (value === undefined || value === '') return undefined
  if (!/^[+-]?\d{1,15}$/.test(value)) throw refuse(scimType, `"${name}" must be a whole number, for example ${name}=1.`)
  return Number(value)
}

/** No schema has so many; each one costs a look at the whole schema. */
const mostNames = 500

function names(parameter: string, value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined
  const parts = value.split(',', mostNames + 1)
  if (parts.length > mostNames)
    throw refuse('invalidValue', `The parameter "${parameter}" may name at most ${mostNames} attributes.`)
  return parts.map((name) => name.trim()).filter(Boolean)
}

function readParameters(get: (name: string) => string | undefined): ScimQuery {
  const cursor = get('cursor')
  const count = wholeNumber('count', get('count'), cursor === undefined ? 'invalidValue' : 'invalidCount')
  const startIndex = wholeNumber('startIndex', get('startIndex'))
  if (cursor !== undefined && startIndex !== undefined) {
    throw refuse('invalidValue', 'Pages come by cursor or by startIndex: send one of the two (RFC 9865 §2.4).')
  }
  return {
    filter: get('filter'),
    sortBy: get('sortBy') || undefined,
    sortOrder: get('sortOrder') || undefined,
    startIndex: Math.max(1, startIndex ?? 1),
    count: count === undefined ? undefined : Math.max(0, count),
    cursor,
    selection: selectionOf(get),
  }
}

function selectionOf(get: (name: string) => string | undefined): Selection {
  const read = (parameter: string) => names(parameter, get(parameter))
  return { attributes: read('attributes'), excludedAttributes: read('excludedAttributes') }
}

// Parameter names compare without case, as attribute names do; a repeated one is a mistake that must not be guessed at.
function lookUp(parameters: URLSearchParams): (name: string) => string | undefined {
  const byName = new Map<string, string[]>()
  for (const [name, value] of parameters) byName.set(name.toLowerCase(), [...(byName.get(name.toLowerCase()) ?? []), value])
  return (name) => {
    const values = byName.get(name.toLowerCase()) ?? []
    if (new Set(values).size > 1) throw refuse('invalidValue', `The parameter "${name}" is there more than once; send it once.`)
    return values[0]
  }
}

/** Reads URL parameters. Parameters that SCIM does not know are ignored (clients add flags of their own). */
export function readQuery(parameters: URLSearchParams): ScimQuery {
  return readParameters(lookUp(parameters))
}

/** Reads `attributes` and `excludedAttributes` alone, for calls on one resource. */
export function readSelection(parameters: URLSearchParams): Selection {
  return selectionOf(lookUp(parameters))
}

function asText(name: string, value: Json): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',')
  throw refuse('invalidValue', `"${name}" of the search request has the wrong type.`)
}

/** Reads the body of a POST to `/.search`. @throws 400 invalidSyntax where it is no SearchRequest */
export function readSearchRequest(body: unknown): ScimQuery {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse('invalidSyntax', 'The body of a search must be a JSON object: a SearchRequest (RFC 7644 §3.4.3).')
  }
  const members = new Map(distinctEntries(body as JsonObject, '').map(([name, value]) => [name.toLowerCase(), value]))
  const schemas = members.get('schemas')
  const isSearch = (urn: Json) => typeof urn === 'string' && urn.toLowerCase() === searchRequest.toLowerCase()
  if (!Array.isArray(schemas) || !schemas.some(isSearch)) {
    throw refuse('invalidSyntax', `The body of a search must have "schemas": ["${searchRequest}"].`)
  }
  return readParameters((name) => {
    const value = members.get(name.toLowerCase())
    return value === undefined ? undefined : asText(name, value)
  })
}
