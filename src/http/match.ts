/**
 * Which endpoint a path names. A path is split first and each segment decoded once; what then does not fit exactly names nothing.
 * Which door must authenticate is judged far more loosely, so that no odd spelling is answered before its sender is known.
 */

export type Target = { readonly path: string; readonly query: string }

/** Path and query of a request target, still encoded; the absolute form (RFC 9112 §3.2.2) loses its host. */
export function splitTarget(target: string): Target {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const at = local.indexOf('?')
  return at < 0 ? { path: local, query: '' } : { path: local.slice(0, at), query: local.slice(at + 1) }
}

function decodeSegment(raw: string): string | undefined {
  try {
    const segment = decodeURIComponent(raw)
    return segment === '.' || segment === '..' || /[/\\\0]/.test(segment) ? undefined : segment
  } catch {
    return undefined
  }
}

/**
 * The segments of a path, decoded once; undefined for one with a broken escape, an escape that hides a separator or NUL, or dots that
 * would mean another place. One trailing slash is nothing.
 */
export function decodePath(path: string): (string | undefined)[] {
  const raw = path.slice(1).split('/')
  if (raw.length > 1 && raw.at(-1) === '') raw.pop()
  return raw.map(decodeSegment)
}

/** `/Users/:id` → its segments. */
export function pattern(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '')
}

/** Whether the first segments are as the pattern says (`:name` stands for any that is not empty), and what the names stand for. */
export function matchStart(
  pattern: readonly string[],
  segments: readonly (string | undefined)[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index]
    if (!segment) return undefined
    if (expected.startsWith(':')) params[expected.slice(1)] = segment
    else if (expected !== segment) return undefined
  }
  return params
}

// Unlike decodeURIComponent this reads what it can and keeps the rest.
const looselyDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Whether some reader, however careless, could take the path for one below the door `name` (its first segment). */
export function couldMean(name: string, path: string): boolean {
  const steps: string[] = []
  for (const part of looselyDecoded(looselyDecoded(path)).toLowerCase().split(/[/\\]/)) {
    const step = part.replace(/;.*|[\p{Cc} ]/gu, '')
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps[0] === name || path.startsWith(`/${name}/`)
}
