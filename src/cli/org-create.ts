import { Command } from 'commander'
import { profileNames } from '../contract/connection.js'
import { newOrganization } from '../contract/organization.js'
import { checkInput } from '../http/validate.js'
import type { Cli } from './cli.js'

export function orgCreate(cli: Cli): Command {
  return new Command('create')
    .description('Set up an organization.')
    .argument('<slug>', 'short name in its addresses: small letters, digits and "-"')
    .option('--name <name>', 'name for people')
    .option('--with-scim', 'also create a SCIM connection and a token for it')
    .option('--profile <profile>', `dialect of the SCIM connection: ${profileNames.join(', ')}`)
    .action(async (slug: string, options: { name?: string; withScim?: true; profile?: string }) => {
      const scim = options.withScim || options.profile ? { profile: options.profile } : undefined
      const input = checkInput(newOrganization, { slug, name: options.name, scim })
      const created = await cli.withApi((api) => api.createOrganization(input))
      const told = created.scim
        ? [
            `  SCIM base URL  ${created.scim.baseUrl}`,
            `  bearer token   ${created.scim.token}`,
            '  The token is shown this once.',
          ]
        : [`  Give it a SCIM connection: gatehouse connection create ${slug} NAME`]
      cli.print(created, [`Organization "${slug}" is set up.`, ...told].join('\n'))
    })
}
