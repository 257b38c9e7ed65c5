/** How many days before their end tokens are warned of, the earliest first. */
const warningDays = [30, 14, 3] as const

export const mostWarningDays = Math.max(...warningDays)

/** SQL: the last of these days that an end (an expression) has passed by now; null where it is further away, or never. */
export function daysReached(end: string): string {
  return `(select min(w.days) from unnest(array[${warningDays.join(', ')}]) as w (days) where ${end} <= now() + w.days * interval '1 day')`
}
