import { Command } from 'commander'
import { apiDocument } from './api-document.js'
import type { Cli } from './cli.js'

export function openapi(cli: Cli): Command {
  return new Command('openapi').description('Print the OpenAPI 3.1 document of the HTTP interface.').action(() => {
    const document = apiDocument()
    cli.print(document, JSON.stringify(document, null, 2))
  })
}
