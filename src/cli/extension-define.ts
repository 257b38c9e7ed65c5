import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { parse } from 'yaml'
import { schemaExtension } from '../contract/schema-extension.js'
import { checkInput } from '../http/validate.js'
import { invalid } from '../platform/errors.js'
import type { Cli } from './cli.js'

function readDefinition(file: string): unknown {
  // YAML contains JSON, so one reader takes both.
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  try {
    return parse(text)
  } catch (cause) {
    throw invalid('input_invalid', `${file} is neither YAML nor JSON: ${(cause as Error).message}`, { cause })
  }
}

export function extensionDefine(cli: Cli): Command {
  return new Command('define')
    .description("Give an organization's users or groups attributes of their own, or add to those it has.")
    .argument('<organization>', 'its short name')
    .argument('<file>', 'definition in YAML or JSON; - reads it from standard input')
    .action(async (organization: string, file: string) => {
      const input = checkInput(schemaExtension, readDefinition(file))
      const extension = await cli.withApi((api) => api.defineExtension(organization, input))
      const names = extension.attributes.map((attribute) => attribute.name).join(', ')
      cli.print(extension, `${extension.resourceType}s of "${organization}" have ${extension.urn} with ${names}.`)
    })
}
