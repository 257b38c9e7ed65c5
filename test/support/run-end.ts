/** What must be stopped before the run's database closes. */
const endings: (() => Promise<void>)[] = []

export function atRunEnd(stop: () => Promise<void>): void {
  endings.push(stop)
}

export async function endRun(): Promise<void> {
  for (const stop of endings.splice(0).reverse()) await stop()
}
