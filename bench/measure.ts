import type { Bound, Load, Shot } from './http-load.js'

/**
 * Contenders take turns in short rounds, so whatever else the machine does hits all of them alike. A ratio is taken within each round
 * and the median over the rounds is what counts; rates alone say more about the machine than about the contenders.
 */

export type Contender = {
  readonly name: string
  readonly load: Load
  readonly next: () => Shot
}

export type Rates = ReadonlyMap<string, readonly number[]>

export type Rounds = Bound & { readonly rounds: number }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** Answers a second of each contender, round by round; a round that only warms up comes first. */
export async function measure(contenders: readonly Contender[], rounds: Rounds): Promise<Rates> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (const { load, next } of contenders) await load.run({ ms: rounds.ms / 2, most: rounds.most }, next)
  for (let round = 0; round < rounds.rounds; round++) {
    // Each goes first in its turn: what one leaves behind (dirty pages, garbage) is not always the same neighbour's burden.
    const first = round % contenders.length
    for (const { name, load, next } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      rates.get(name)?.push(await load.run(rounds, next))
    }
  }
  return rates
}

export function medianRate(rates: Rates, name: string): number {
  return median(rates.get(name) ?? [])
}

/** Median over the rounds of `one`'s rate over `other`'s. */
export function ratio(rates: Rates, one: string, other: string): number {
  const others = rates.get(other) ?? []
  return median((rates.get(one) ?? []).map((rate, round) => rate / (others[round] ?? Number.NaN)))
}
