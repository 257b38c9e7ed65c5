import type { z } from 'zod'
import { authorizeOperator } from '../../src/access/index.js'
import type { OnLoss } from '../../src/contract/schema.js'
import { schemaExtension } from '../../src/contract/schema-extension.js'
import { defineExtension } from '../../src/directory/index.js'
import type { Tenant } from './tenant.js'

/** Gives an organization attributes of its own, as the operator does. */
export async function define(
  tenant: Tenant,
  extension: z.input<typeof schemaExtension>,
  onLoss: OnLoss = 'refuse',
): Promise<void> {
  const by = authorizeOperator({ actor: { type: 'system', id: 'test' }, door: 'system' }, tenant.orgId)
  await tenant.app.core.journal.change(by, (c) => defineExtension(c, schemaExtension.parse(extension), onLoss))
}
