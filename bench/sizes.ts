import type { Bound } from './http-load.js'
import type { Rounds } from './measure.js'

/** How much is written and how long each contender runs. */

export type Sizes = {
  readonly small: number
  readonly medium: number
  readonly large: number
  /** Members of the group that is read. */
  readonly group: number
  /** Members of the group that grows, and how many groups of ten grow beside it. */
  readonly largeGroup: number
  readonly tens: number
  readonly rounds: Rounds
  /** How long the memory of a server under load is watched. */
  readonly memory: Bound
  /** How long what was missed runs under the profiler; 0 leaves that out. */
  readonly profileMs: number
}

export const fullSizes: Sizes = {
  small: 1000,
  medium: 10_000,
  large: 1_000_000,
  group: 500,
  largeGroup: 100_000,
  tens: 500,
  rounds: { rounds: 9, ms: 1000, most: 20_000 },
  memory: { ms: 20_000, most: 100_000 },
  profileMs: 3000,
}

/** Enough to see that every part still works; the figures mean nothing. */
export const quickSizes: Sizes = {
  small: 200,
  medium: 300,
  large: 400,
  group: 20,
  largeGroup: 100,
  tens: 5,
  rounds: { rounds: 1, ms: 100, most: 20 },
  memory: { ms: 300, most: 50 },
  profileMs: 0,
}
