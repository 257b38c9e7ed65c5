import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { invalid } from '../platform/errors.js'

/** A definition in YAML or JSON; the file `-` is standard input. @throws AppError invalid `input_invalid` where it is neither */
export function readDefinition(file: string): unknown {
  // YAML contains JSON, so one reader takes both.
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  try {
    return parse(text)
  } catch (cause) {
    throw invalid('input_invalid', `${file} is neither YAML nor JSON: ${(cause as Error).message}`, { cause })
  }
}
