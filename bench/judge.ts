import type { Case, Wanted } from './cases.js'
import { medianRate, type Rates, ratio } from './measure.js'

/** What was found about a case, and whether that is what was wanted. */

export type Verdict = { readonly wanted: string; readonly found: string; readonly passed: boolean }

export type Finding = {
  readonly title: string
  /** Median answers a second; empty where something else was measured. */
  readonly rates: readonly { readonly name: string; readonly perSecond: number }[]
  readonly verdicts: readonly Verdict[]
  /** Where the time goes, for what was missed. */
  readonly profile?: string | undefined
}

export const shown = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

function judge(rates: Rates, wanted: Wanted): Verdict {
  switch (wanted.kind) {
    case 'rate': {
      const found = ratio(rates, wanted.of, wanted.than)
      return { wanted: `≥ ${wanted.factor} × ${wanted.than}`, found: `${shown(found)} ×`, passed: found >= wanted.factor }
    }
    case 'cost': {
      const found = ratio(rates, wanted.than, wanted.of)
      const text = `${wanted.of} costs ≤ ${wanted.factor} × ${wanted.than}`
      return { wanted: text, found: `${shown(found)} ×`, passed: found <= wanted.factor }
    }
    case 'least': {
      const [found, allowed] = [medianRate(rates, wanted.of), medianRate(rates, wanted.floor)]
      const text = `≥ ${wanted.least}/s where the ${wanted.floor} allows it`
      return { wanted: text, found: `${shown(found)}/s`, passed: found >= wanted.least || allowed < wanted.least }
    }
  }
}

export function findingOf({ title, contenders, wanted }: Case, rates: Rates): Finding {
  return {
    title,
    rates: contenders.map(({ name }) => ({ name, perSecond: medianRate(rates, name) })),
    verdicts: wanted.map((one) => judge(rates, one)),
  }
}
