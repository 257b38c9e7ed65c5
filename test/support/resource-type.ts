import type { z } from 'zod'
import { authorizeOperator } from '../../src/access/index.js'
import { newResourceType } from '../../src/contract/resource-type.js'
import type { OnLoss } from '../../src/contract/schema.js'
import { defineResourceType, type Judged, removeResourceType } from '../../src/directory/index.js'
import type { Tenant } from './tenant.js'

/** Resource types of an organization, declared as the operator does. */

export type TypeInput = z.input<typeof newResourceType>

const by = (tenant: Tenant) => authorizeOperator({ actor: { type: 'system', id: 'test' }, door: 'system' }, tenant.orgId)

export async function declare(tenant: Tenant, type: TypeInput, onLoss: OnLoss = 'refuse'): Promise<readonly Judged[]> {
  const input = newResourceType.parse(type)
  return (await tenant.app.core.journal.change(by(tenant), (c) => defineResourceType(c, input, onLoss))).differences
}

export async function undeclare(tenant: Tenant, name: string): Promise<void> {
  await tenant.app.core.journal.change(by(tenant), (c) => removeResourceType(c, name))
}
