import assert from 'node:assert/strict'
import { AppError } from '../../src/platform/errors.js'

/** Runs what must be refused with 400 and gives the refusal: `scim_invalid_value: sentence`. */
export function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    assert.equal(error.kind, 'invalid')
    return `${error.code}: ${error.detail}`
  }
  return assert.fail('nothing was refused')
}
