import type { Core } from '../app.js'
import { findCall, type LoggedCall, type LoggedEvent } from '../connections/index.js'
import type { Organization } from '../directory/index.js'
import { notFound } from '../platform/errors.js'
import { organizationsNamed, portions } from './provisioning-reach.js'

/** One logged call and whose it is. Without a short name every organization is asked. @throws AppError not_found */
export async function findLogged(
  core: Core,
  id: string,
  slug: string | undefined,
): Promise<{ organization: Organization; call: LoggedCall & { events: LoggedEvent[] } }> {
  for (const some of portions(await organizationsNamed(core, slug))) {
    const orgIds = some.map(({ orgId }) => orgId)
    const call = await findCall(core.db, orgIds, id)
    const organization = some.find(({ orgId }) => orgId === call?.orgId)
    if (call && organization) return { organization, call }
  }
  throw notFound('call_not_found', `There is no call "${id}" in the provisioning log. It may have been forgotten by now.`)
}
