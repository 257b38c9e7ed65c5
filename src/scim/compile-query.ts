import type { ResourceType } from '../contract/attribute-definition.js'
import { type CompiledOrder, type CompiledPredicate, compileFilter, compileSort, type FilterTarget } from '../directory/index.js'
import type { ListRequest } from './adapter.js'
import type { Switches } from './dialects/switches.js'
import { resolveFilter, resolveSort } from './filter.js'

/** Filter and sort of a request as SQL for one kind of resource; without them everything, in order of creation. */
export function compileQuery(
  type: ResourceType,
  target: FilterTarget,
  asked: ListRequest,
  switches: Switches,
): { where: CompiledPredicate; order: CompiledOrder } {
  const { filter, query } = asked
  return {
    where: filter ? compileFilter(target, resolveFilter(type, filter, switches)) : { sql: 'true', bindings: [] },
    order: query.sortBy
      ? compileSort(target, resolveSort(type, query.sortBy, query.sortOrder))
      : { sql: target.id.sql, bindings: [] },
  }
}
