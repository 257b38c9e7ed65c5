import type { z } from 'zod'
import { invalid } from '../platform/errors.js'

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Reads an input by its contract, all faults at once. @throws AppError invalid `input_invalid` */
export function checkInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => ({ pointer: pointerOf(issue.path), detail: issue.message }))
  const told = faults.map(({ pointer, detail }) => (pointer ? `${pointer.slice(1)}: ${detail}` : detail))
  throw invalid('input_invalid', told.join('; '), { faults })
}
