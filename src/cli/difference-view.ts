import type { DifferenceView } from '../contract/schema.js'

/** What a definition changed, one line a difference; nothing where there is none. */
export function differenceLines(differences: readonly DifferenceView[]): string[] {
  return differences.map(({ attribute, change, resources, effect }) => {
    const told = effect === 'dropped' ? 'lost it' : 'keep it as it is until they are next written'
    return `  ${attribute}: ${change}${resources === 0 ? '' : `; data of ${resources} did not fit, they ${told}`}`
  })
}
