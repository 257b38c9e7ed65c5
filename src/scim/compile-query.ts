import type { ResourceType } from '../contract/attribute-definition.js'
import { type CompiledOrder, type CompiledPredicate, compileFilter, compileSort, type FilterTarget } from '../directory/index.js'
import type { ListRequest, Question } from './adapter.js'
import type { Switches } from './dialects/switches.js'
import { resolveFilter, resolveSort } from './filter.js'
import { type FilterSyntax, parseFilter } from './filter-syntax.js'

/** The filter parameter as syntax; no type is looked at yet. */
export function readFilter(filter: string | undefined, switches: Switches): FilterSyntax | undefined {
  return filter === undefined ? undefined : parseFilter(filter, { bareValues: switches.bareFilterValues })
}

/** Filter and sort of a request, for one kind of resource. @throws 400 where the type cannot answer it */
export function readQuestion(type: ResourceType, asked: Pick<ListRequest, 'filter' | 'query'>, switches: Switches): Question {
  const { filter, query } = asked
  return {
    where: filter && resolveFilter(type, filter, switches),
    sort: query.sortBy ? resolveSort(type, query.sortBy, query.sortOrder) : undefined,
  }
}

/** The condition of a question as SQL; everything where it has none. */
export function compileWhere(target: FilterTarget, { where }: Question): CompiledPredicate {
  return where ? compileFilter(target, where) : { sql: 'true', bindings: [] }
}

/** Filter and sort of a request as SQL for one kind of resource; without them everything, in order of creation. */
export function compileQuery(
  type: ResourceType,
  target: FilterTarget,
  asked: ListRequest,
  switches: Switches,
): { where: CompiledPredicate; order: CompiledOrder } {
  const question = readQuestion(type, asked, switches)
  return {
    where: compileWhere(target, question),
    order: question.sort ? compileSort(target, question.sort) : { sql: target.id.sql, bindings: [] },
  }
}
