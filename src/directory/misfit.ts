import type { AttributeDefinition } from '../contract/attribute-definition.js'
import { type Bearer, liveRows } from './bearer.js'
import { instantAt, numberAt, textAt } from './filter-document.js'
import { type Fragment, joined, literally, sql } from './fragment.js'
import type { Keys } from './predicate.js'

/** Which stored data a definition has no room for, as SQL: counted by the database, for lists of any length. */

export type Misfit =
  /** Every resource. */
  | { readonly kind: 'all' }
  /** Who has a value there; keys step through lists. */
  | { readonly kind: 'held'; readonly keys: Keys }
  /** Who has a value there that is not of the type. */
  | ({ readonly kind: 'mistyped'; readonly keys: Keys } & Pick<AttributeDefinition, 'type' | 'multiValued'>)
  /** Who has the holder but nothing, or nothing but space, under the name in it. */
  | { readonly kind: 'blank'; readonly holder: Keys; readonly name: string }
  /** Who has a value that an older resource has too (of its own type, or of any type), or one too long to be kept unique. */
  | { readonly kind: 'shared'; readonly keys: Keys; readonly caseExact: boolean; readonly across: boolean }

const profile = literally('r.profile')

/** jsonpath of what lies at the keys; in its lax mode it steps through lists on the way by itself. */
const pathTo = (keys: Keys): string => `$${keys.map((key) => `.${JSON.stringify(key)}`).join('')}`

/** Selects `id` of the bearers' resources that do not fit, each once, with the `place` of its bearer in the list. */
export function misfitRows(orgId: string, bearers: readonly Bearer[], misfit: Misfit): Fragment {
  if (misfit.kind !== 'shared') {
    return union(
      bearers.map(
        (bearer, place) => sql`select r.id, ${place}::int as place from ${liveRows(orgId, bearer)}${condition(misfit)}`,
      ),
    )
  }
  if (misfit.across) return sharers(orgId, [...bearers.entries()], misfit)
  return union(bearers.map((bearer, place) => sharers(orgId, [[place, bearer]], misfit)))
}

const union = (selects: readonly Fragment[]): Fragment => joined(selects, ' union all ')

function condition(misfit: Exclude<Misfit, { kind: 'shared' }>): Fragment {
  switch (misfit.kind) {
    case 'all':
      return literally('')
    case 'held':
      return sql` and jsonb_path_exists(${profile}, ${pathTo(misfit.keys)}::jsonpath)`
    case 'mistyped': {
      const value = literally('v.value')
      const fits = misfit.multiValued ? listOf(value, misfit.type) : isOf(value, misfit.type)
      return sql` and exists (select 1 from jsonb_path_query(${profile}, ${pathTo(misfit.keys)}::jsonpath) as v (value)
        where (${fits}) is not true)`
    }
    case 'blank': {
      const { holder, name } = misfit
      return sql` and exists (select 1 from jsonb_path_query(${profile}, ${`${pathTo(holder)}[*]`}::jsonpath) as h (value)
        where coalesce(h.value ->> ${name}::text, '') !~ '[^[:space:]]' or h.value -> ${name}::text = '[]')`
    }
  }
}

function listOf(value: Fragment, type: AttributeDefinition['type']): Fragment {
  return sql`jsonb_typeof(${value}) = 'array' and not exists (select 1 from jsonb_path_query(${value}, '$[*]') as e (value)
    where (${isOf(literally('e.value'), type)}) is not true)`
}

const base64 = '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$'
const mostExact = Number.MAX_SAFE_INTEGER

/** Whether the value is of the type, as far as the reading of bodies would tell (RFC 7643 §2.3). */
function isOf(value: Fragment, type: AttributeDefinition['type']): Fragment {
  const text = textAt(value, [])
  switch (type) {
    case 'string':
    case 'reference':
      return sql`jsonb_typeof(${value}) = 'string'`
    case 'boolean':
      return sql`jsonb_typeof(${value}) = 'boolean'`
    case 'decimal':
      return sql`jsonb_typeof(${value}) = 'number'`
    case 'integer': {
      const number = sql`(${numberAt(value, [])})::numeric`
      return sql`${number} = trunc(${number}) and abs(${number}) <= ${mostExact}::numeric`
    }
    case 'dateTime':
      return sql`jsonb_typeof(${value}) = 'string' and ${instantAt(value, [])} is not null`
    case 'binary':
      return sql`jsonb_typeof(${value}) = 'string' and regexp_replace(${text}, ${'[ \\t\\r\\n]'}, '', 'g') ~ ${base64}`
    case 'complex':
      return sql`jsonb_typeof(${value}) = 'object'`
  }
}

/** The most bytes of a unique value: what an entry of the index holds. */
const longest = 1_024

/** The oldest holder of a value keeps it: ids are in the order of creation. */
function sharers(
  orgId: string,
  bearers: readonly (readonly [place: number, bearer: Bearer])[],
  { keys, caseExact }: Extract<Misfit, { kind: 'shared' }>,
): Fragment {
  const document = literally(caseExact ? 'r.profile' : 'r.search')
  const values = sql`, jsonb_path_query(${document}, ${`${pathTo(keys)}[*]`}::jsonpath) as v (value)`
  const held = union(
    bearers.map(
      ([place, bearer]) =>
        sql`select r.id, ${place}::int as place, ${textAt(literally('v.value'), [])} as key from ${liveRows(orgId, bearer, values)}`,
    ),
  )
  return sql`select distinct ranked.id, ranked.place from (
      select held.id, held.place, held.key, first_value(held.id) over (partition by held.key order by held.id) as oldest
      from (${held}) held
    ) ranked where ranked.id <> ranked.oldest or octet_length(ranked.key) > ${longest}`
}
