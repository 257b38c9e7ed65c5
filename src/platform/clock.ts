/** The only source of time. Tests pass their own. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** Waits before the nth attempt of the same work: a little longer each time, never in step with another waiter. */
export function backOff(attempt: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, attempt * 10 + Math.random() * 20))
}
