import {
  type CustomResource,
  compileWalk,
  createResource,
  deleteResource,
  findResource,
  listResources,
  lockResource,
  replaceResource,
  resourceFilterTarget,
  walkResources,
} from '../directory/index.js'
import type { Adapter } from './adapter.js'
import { compileQuery, compileWhere } from './compile-query.js'
import { customAttributes, customInput, customResource } from './custom-resource.js'
import type { DeclaredResourceType } from './extensions.js'

/** Resources of a declared type as the protocol sees them. */
export function customAdapter({ type, known }: DeclaredResourceType): Adapter<CustomResource> {
  return {
    noun: type.endpoint.slice(1),
    family: 'resources',
    endpoint: type.endpoint,
    typeOf: () => type,
    find: async (db, caller, id) => {
      const found = await findResource(db, caller.scope, known.id, id)
      return found && customResource(type, found, caller.baseUrl)
    },
    list: async (db, caller, asked) => {
      const compiled = compileQuery(type, resourceFilterTarget, asked, caller.switches)
      const { total, items } = await listResources(db, caller.scope, known.id, { ...compiled, page: asked.page })
      return { total, items: items.map((item) => customResource(type, item, caller.baseUrl)) }
    },
    walk: async (db, caller, { question, after, limit }) => {
      const where = compileWhere(resourceFilterTarget, question)
      const walk = compileWalk(resourceFilterTarget, question.sort, after)
      const walked = await walkResources(db, caller.scope, known.id, { where, walk, limit })
      return { ...walked, items: walked.items.map((item) => customResource(type, item, caller.baseUrl)) }
    },
    create: (c, caller, document, id) => createResource(c, caller.scope, known, customInput(type, document), id),
    lock: (c, caller, id) => lockResource(c, caller.scope, known, id),
    versionOf: (resource) => resource.version,
    attributesOf: customAttributes,
    save: (c, caller, before, { document }) => replaceResource(c, caller.scope, known, before, customInput(type, document)),
    remove: (c, caller, id) => deleteResource(c, caller.scope, known, id),
    present: async (_, caller, resource) => customResource(type, resource, caller.baseUrl),
    patchReply: () => 'resource',
  }
}
