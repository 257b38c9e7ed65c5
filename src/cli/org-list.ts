import { Command } from 'commander'
import type { OrganizationView } from '../contract/organization.js'
import type { OperatorApi } from '../operator/api.js'
import type { Cli } from './cli.js'
import { table } from './table.js'

async function everyPage(api: OperatorApi): Promise<OrganizationView[]> {
  const items: OrganizationView[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await api.listOrganizations({ after, limit: 200 })
    items.push(...page.items)
    after = page.next
  }
  return items
}

export function orgList(cli: Cli): Command {
  return new Command('list').description('List organizations.').action(async () => {
    const items = await cli.withApi(everyPage)
    const rows = items.map(({ slug, name, createdAt, id }) => [slug, name, createdAt, id])
    cli.print({ items }, table(['slug', 'name', 'created', 'id'], rows, 'There is no organization yet.'))
  })
}
