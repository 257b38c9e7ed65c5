import type { Core } from '../app.js'
import { findOrganization, listOrganizations, type Organization } from '../directory/index.js'
import { lockFileOf, lockHolder } from '../platform/db/lock.js'
import { notFound } from '../platform/errors.js'
import type { Cli } from './cli.js'

/**
 * The provisioning log is read from the database itself and through no server: it is full of tenants' data, which operator tokens never
 * read (docs/decisions/0010).
 */

/** Opens the database for `work`, or says in one line why it cannot be had. */
export function withProvisioningLog<T>(cli: Cli, work: (core: Core) => Promise<T>): Promise<T> {
  const { GATEHOUSE_URL, DATABASE_URL, DATA_DIR } = cli.config()
  if (GATEHOUSE_URL) {
    throw new Error(
      'The provisioning log is read where the database is, since operator tokens read nothing of an organization. Unset GATEHOUSE_URL and set DATABASE_URL.',
    )
  }
  const holder = DATABASE_URL ? undefined : lockHolder(lockFileOf(DATA_DIR))
  if (holder) {
    throw new Error(
      `Process ${holder.pid} has the embedded database open, and the provisioning log is read from the database itself. Stop that process first, or run on PostgreSQL, where both can.`,
    )
  }
  return cli.withCore(work)
}

const pageSize = 200

/** The organization of a short name, or without one all of them. @throws AppError not_found */
export async function organizationsNamed({ db }: Core, slug: string | undefined): Promise<Organization[]> {
  if (slug !== undefined) {
    const organization = await findOrganization(db, slug)
    if (!organization) throw notFound('organization_not_found', `There is no organization "${slug}".`)
    return [organization]
  }
  const found: Organization[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await listOrganizations(db, { after, limit: pageSize })
    found.push(...page)
    after = page.length === pageSize ? page.at(-1)?.slug : undefined
  }
  return found
}

/** So many organizations at a time: one statement names them all. */
export function portions<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / pageSize)
  return Array.from({ length: count }, (_, at) => items.slice(at * pageSize, (at + 1) * pageSize))
}
