import type { Fragment } from './fragment.js'

/**
 * What may be asked about users and groups, already checked against their attributes: names are canonical keys, literals have the
 * attribute's type, and every comparison is about one value (`any` says which list that value is in). Logic is two-valued: what is
 * absent equals nothing and differs from everything.
 */

export type OrderOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type TextOperator = OrderOperator | 'co' | 'sw' | 'ew'

/** Canonical keys from the document's root, or from the element inside `any`; empty means the element itself. */
export type Keys = readonly string[]

export type Comparison =
  | { readonly kind: 'text'; readonly keys: Keys; readonly caseExact: boolean; readonly op: TextOperator; readonly value: string }
  | { readonly kind: 'boolean'; readonly keys: Keys; readonly op: 'eq' | 'ne'; readonly value: boolean }
  | { readonly kind: 'number'; readonly keys: Keys; readonly op: OrderOperator; readonly value: number }
  /** `value` is an xsd:dateTime of the years 1 to 9999; without a zone it is UTC. */
  | { readonly kind: 'instant'; readonly keys: Keys; readonly op: OrderOperator; readonly value: string }

export type Predicate =
  | Comparison
  | { readonly kind: 'const'; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  /** There is a value, and it is not the empty string. */
  | { readonly kind: 'present'; readonly keys: Keys }
  /** One element of the list at `keys` satisfies all of `where`. */
  | { readonly kind: 'any'; readonly keys: Keys; readonly where: Predicate }

/** What is absent comes last in ascending order and first in descending order (RFC 7644 §3.4.2.3). */
export type Sort = {
  readonly kind: Comparison['kind']
  readonly caseExact: boolean
  /** A list of which the primary or else the first element decides; `keys` are then relative to that element. */
  readonly list?: Keys
  readonly keys: Keys
  readonly order: 'ascending' | 'descending'
}

/** An attribute that has a column of its own instead of a place in the documents. */
export type Column = {
  readonly sql: Fragment
  /**
   * `id`: a uuid. `key`: text folded and trimmed; `folded`: text folded; both compare without case. `exact`: text as sent.
   * `instant`: a timestamptz that is shown in whole milliseconds.
   */
  readonly kind: 'id' | 'key' | 'folded' | 'exact' | 'boolean' | 'instant'
  /** Whether the attribute can be absent. */
  readonly nullable: boolean
  /** Columns to look an id up in, where `sql` is computed from them and has no index of its own. */
  readonly lookup?: readonly Fragment[]
}

/** A list that lies in rows of other tables: compiles "one row satisfies `where`". */
export type Relation = (where: Predicate, compile: (predicate: Predicate, target: FilterTarget) => Fragment) => Fragment

/** Where attributes lie: a table under an alias, with the document as sent (`profile`) and folded (`search`). */
export type FilterTarget = {
  /** Unique and ordered: breaks ties between equal sort keys. */
  readonly id: Fragment
  readonly profile: Fragment
  readonly search: Fragment
  /** By keys joined with a dot. */
  readonly columns: ReadonlyMap<string, Column>
  readonly relations: ReadonlyMap<string, Relation>
}

/**
 * SQL with `?` for each binding: a condition, and an ORDER BY list. `point` names the attribute where all that is asked is that one
 * column equals a value: such a condition comes in one shape an attribute, and one plan serves every value.
 */
export type CompiledPredicate = {
  readonly sql: string
  readonly bindings: readonly Fragment['bindings'][number][]
  readonly point?: string
}
export type CompiledOrder = Omit<CompiledPredicate, 'point'>
