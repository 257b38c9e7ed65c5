import type { Json } from '../platform/json.js'

const ascii = /^[ -~]*$/

/**
 * The one canonicaliser for comparisons without case: NFKC, then lower case. Unique keys, lookups, the folded search document and
 * filter literals all go through it, so JavaScript and SQL can never disagree about whether two names are the same (SQL only ever
 * compares folded bytes). The original spelling is kept beside it.
 */
export function fold(value: string): string {
  // Most text: NFKC leaves ASCII alone, and lists of a thousand values are folded for every comparison.
  if (ascii.test(value)) return value.toLowerCase()
  return value.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** Folds every string of a document, keeping keys, numbers and shape. */
export function foldDocument(value: Json): Json {
  if (typeof value === 'string') return fold(value)
  if (Array.isArray(value)) return value.map(foldDocument)
  if (value === null || typeof value !== 'object') return value
  const folded: Record<string, Json> = {}
  for (const [key, inner] of Object.entries(value)) folded[key] = foldDocument(inner)
  return folded
}
