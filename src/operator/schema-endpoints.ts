import { z } from 'zod'
import { definedResourceType, newResourceType, resourceType, resourceTypeList } from '../contract/resource-type.js'
import { onLoss } from '../contract/schema.js'
import { definedExtension, extensionList, removedExtension, schemaExtension } from '../contract/schema-extension.js'
import type { Call } from '../http/endpoint.js'
import { checkInput } from '../http/validate.js'
import { type Row, reads } from './row.js'

/** Operations on the schemas of an organization: its extensions and the resource types it declares. */

const extensions = '/organizations/:org/schema-extensions'
const types = '/organizations/:org/resource-types'

const losing = z.object({
  onLoss: onLoss.default('refuse').describe('Whether the change may go on where resources hold what would no longer fit.'),
})

/** The parameter `onLoss`; resources may lose nothing unless it says so. */
const lossOf = (call: Call) => checkInput(losing, Object.fromEntries(call.query)).onLoss

const nameOf = (call: Call): string => call.params.type ?? ''

export const schemaRows: readonly Row[] = [
  {
    id: 'schema_extensions.define',
    method: 'POST',
    path: extensions,
    summary: 'Give users, groups or resources of a declared type attributes of their own, or change those they have',
    reply: [200, 'The extension as it now is.', definedExtension],
    querySchema: losing,
    ...reads(schemaExtension, (api, { org }, input, call) => api.defineExtension(org, input, lossOf(call))),
  },
  {
    id: 'schema_extensions.list',
    method: 'GET',
    path: extensions,
    summary: 'List the extension schemas of an organization',
    reply: [200, 'The extensions.', extensionList],
    run: (api, { org }) => api.listExtensions(org),
  },
  {
    id: 'schema_extensions.remove',
    method: 'DELETE',
    path: `${extensions}/:type/:urn`,
    summary: 'Take an extension from users, groups or a declared type',
    reply: [200, 'What that changed.', removedExtension],
    querySchema: losing,
    run: (api, { org }, call) =>
      api.removeExtension(org, { resourceType: nameOf(call), urn: call.params.urn ?? '' }, lossOf(call)),
  },
  {
    id: 'resource_types.define',
    method: 'POST',
    path: types,
    summary: 'Declare a resource type of an organization, or change the one of that name',
    reply: [200, 'The resource type as it now is.', definedResourceType],
    querySchema: losing,
    ...reads(newResourceType, (api, { org }, input, call) => api.defineResourceType(org, input, lossOf(call))),
  },
  {
    id: 'resource_types.list',
    method: 'GET',
    path: types,
    summary: 'List the resource types that an organization declares',
    reply: [200, 'The resource types.', resourceTypeList],
    run: (api, { org }) => api.listResourceTypes(org),
  },
  {
    id: 'resource_types.show',
    method: 'GET',
    path: `${types}/:type`,
    summary: 'Show a resource type as it can be defined again',
    reply: [200, 'The resource type.', resourceType],
    run: (api, { org }, call) => api.showResourceType(org, nameOf(call)),
  },
  {
    id: 'resource_types.remove',
    method: 'DELETE',
    path: `${types}/:type`,
    summary: 'Remove a resource type that has no resources',
    reply: [200, 'The resource type as it was.', resourceType],
    run: (api, { org }, call) => api.removeResourceType(org, nameOf(call)),
  },
]
