/**
 * Calls that wait to be written, bounded in number and in bytes, so that a slow database never grows this process. What is worth least
 * goes first: the oldest body before any line, and a line only when there are too many of them.
 */

export type Waiting<Entry> = { readonly entry: Entry; readonly bodyBytes: number }

export type QueueLimits = { readonly mostEntries: number; readonly mostBodyBytes: number }

export type CallQueue<Entry> = {
  readonly add: (entry: Entry, bodyBytes: number) => void
  /** Removes the oldest entries, at most `most`. */
  readonly take: (most: number) => Entry[]
  readonly size: () => number
  /** Since the process began. */
  readonly dropped: () => { readonly entries: number; readonly bodies: number }
}

/** `withoutBody` gives what is left of an entry whose body had to go. */
export function callQueue<Entry>(limits: QueueLimits, withoutBody: (entry: Entry) => Entry): CallQueue<Entry> {
  let waiting: Waiting<Entry>[] = []
  let bytes = 0
  /** Before this index no entry has a body. */
  let firstBody = 0
  const dropped = { entries: 0, bodies: 0 }

  const remove = (count: number): Waiting<Entry>[] => {
    const removed = waiting.slice(0, count)
    waiting = waiting.slice(count)
    firstBody = Math.max(0, firstBody - count)
    for (const { bodyBytes } of removed) bytes -= bodyBytes
    return removed
  }

  const dropOldestBody = (): void => {
    while (waiting[firstBody]?.bodyBytes === 0) firstBody++
    const oldest = waiting[firstBody]
    if (!oldest) return
    waiting[firstBody] = { entry: withoutBody(oldest.entry), bodyBytes: 0 }
    bytes -= oldest.bodyBytes
    dropped.bodies++
  }

  return {
    add: (entry, bodyBytes) => {
      waiting.push({ entry, bodyBytes })
      bytes += bodyBytes
      while (bytes > limits.mostBodyBytes) dropOldestBody()
      if (waiting.length > limits.mostEntries) {
        // Several at once, so that a full queue is not copied at every call.
        dropped.entries += remove(Math.max(1, Math.floor(limits.mostEntries / 100))).length
      }
    },
    take: (most) => remove(most).map(({ entry }) => entry),
    size: () => waiting.length,
    dropped: () => ({ ...dropped }),
  }
}
