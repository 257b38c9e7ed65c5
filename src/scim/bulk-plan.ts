/**
 * The order of bulk operations, as far as it isn't the request's own: what refers to each other goes together, and a creation comes
 * before what refers to it. Pure: operations are numbers here.
 */

export type Dependent = {
  /** Operations whose creations this one refers to. */
  readonly needs: ReadonlySet<number>
  /** Ids of existing resources that it changes or mentions, of those that some operation of the request changes. */
  readonly touches: ReadonlySet<string>
}

export type Step = {
  readonly index: number
  /** What it refers to and what can only be created after it: the circle of RFC 7644 §3.7.1. */
  readonly before: readonly number[]
}

/**
 * Sets of linked operations, each in the order to carry it out. Sets follow one another by their last operations. Where that would
 * turn round two operations on one resource, their sets become one, so the end is the same as of the request read from top to
 * bottom (RFC 7644 §3.7).
 */
export function planBulk(operations: readonly Dependent[]): Step[][] {
  const groups = joinSets(operations)
  const sets = new Map<number, number[]>()
  for (const index of operations.keys()) {
    note(sets, groups.lastOf(index), index)
  }
  return [...sets].sort(([a], [b]) => a - b).map(([, members]) => inOrder(operations, members))
}

function joinSets(operations: readonly Dependent[]) {
  // Each set is known by its last operation.
  const above = [...operations.keys()]
  const lastOf = (index: number): number => {
    let at = index
    for (let next = above[at]; next !== undefined && next !== at; next = above[at]) at = next
    above[index] = at
    return at
  }
  const join = (a: number, b: number): void => {
    const [low, high] = [lastOf(a), lastOf(b)].sort((x, y) => x - y) as [number, number]
    above[low] = high
  }

  for (const [index, { needs }] of operations.entries()) for (const need of needs) join(index, need)
  const touching = new Map<string, number[]>()
  for (const [index, { touches }] of operations.entries()) {
    for (const id of touches) note(touching, id, index)
  }
  const turned = () =>
    [...touching.values()].flatMap((list) =>
      list.flatMap((index, at) => {
        const next = list[at + 1]
        return next !== undefined && lastOf(index) > lastOf(next) ? [[index, next] as const] : []
      }),
    )
  for (let pairs = turned(); pairs.length > 0; pairs = turned()) for (const [a, b] of pairs) join(a, b)
  return { lastOf }
}

function note<Key>(lists: Map<Key, number[]>, key: Key, index: number): void {
  const list = lists.get(key)
  if (list) list.push(index)
  else lists.set(key, [index])
}

/** As in the request, but that a creation comes right before the first that needs it. */
function inOrder(operations: readonly Dependent[], members: readonly number[]): Step[] {
  const begun = new Set<number>()
  const done = new Set<number>()
  const steps: Step[] = []
  const visit = (index: number): void => {
    if (begun.has(index)) return
    begun.add(index)
    const needs = [...(operations[index]?.needs ?? [])]
    for (const need of needs) visit(need)
    steps.push({ index, before: needs.filter((need) => !done.has(need)) })
    done.add(index)
  }
  for (const index of members) visit(index)
  return steps
}
