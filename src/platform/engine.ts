/** The oldest Node.js this server runs on; package.json says the same. */
export const oldestEngine = '20.19.0'

const parts = (version: string): number[] => version.replace(/^v/, '').split('.').map(Number)

/** Whether a version, e.g. `v20.19.1`, is at least the oldest. */
export function isSupportedEngine(version: string): boolean {
  const have = parts(version)
  const difference = parts(oldestEngine)
    .map((needed, index) => (have[index] ?? 0) - needed)
    .find((step) => step !== 0)
  return (difference ?? 0) >= 0
}
