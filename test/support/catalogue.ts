import type { Knex } from '../../src/platform/db/open.js'

/** Tables, columns, constraints and indexes of the migrated database, as the database itself prints them. */

export type TableKey = { readonly name: string; readonly columns: readonly string[] }
export type ForeignKey = TableKey & { readonly to: string; readonly toColumns: readonly string[] }

export type TableShape = {
  readonly name: string
  /** `name type [collate "C"] [not null] [default …]`, in order. */
  readonly columns: readonly string[]
  readonly primaryKey: TableKey | undefined
  /** Unique indexes, those behind constraints included; an expression counts as a column. */
  readonly uniqueKeys: readonly TableKey[]
  readonly foreignKeys: readonly ForeignKey[]
  /** `name definition`, sorted. */
  readonly constraints: readonly string[]
  readonly indexes: readonly string[]
}

const columnsSql = `
  select c.relname as table, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attcollation <> t.typcollation then ' collate "' || l.collname || '"' else '' end
    || case when a.attnotnull then ' not null' else '' end
    || case when a.attgenerated = 's' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid)
         when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end as text
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
  order by c.relname, a.attnum`

// Not-null constraints are constraints of their own since PostgreSQL 18; the columns say them already.
const constraintsSql = `
  select k.conrelid::regclass::text as table, k.conname as name, k.contype as kind, pg_get_constraintdef(k.oid) as text,
    (select json_agg(a.attname order by o.n) from unnest(k.conkey) with ordinality as o (num, n)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = o.num) as columns,
    nullif(k.confrelid, 0)::regclass::text as to,
    (select json_agg(a.attname order by o.n) from unnest(k.confkey) with ordinality as o (num, n)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = o.num) as to_columns
  from pg_constraint k
  where k.connamespace = current_schema()::regnamespace and k.conrelid <> 0 and k.contype <> 'n'
  order by k.conrelid::regclass::text, k.conname`

const indexesSql = `
  select i.indrelid::regclass::text as table, c.relname as name, i.indisunique as unique, pg_get_indexdef(i.indexrelid) as text,
    (select json_agg(pg_get_indexdef(i.indexrelid, n, false) order by n) from generate_series(1, i.indnkeyatts) as n) as columns
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = current_schema()::regnamespace
  order by i.indrelid::regclass::text, c.relname`

type ColumnRow = { table: string; text: string }
type ConstraintRow = ColumnRow & { name: string; kind: string; columns: string[]; to: string | null; to_columns: string[] | null }
type IndexRow = ColumnRow & { name: string; unique: boolean; columns: string[] }

async function rows<Row>(db: Knex, sql: string): Promise<Row[]> {
  return (await db.raw(sql)).rows
}

/** Every table of the database, by name. */
export function readCatalogue(db: Knex): Promise<TableShape[]> {
  return db.transaction(async (trx) => {
    // Instants in defaults are printed in the session's zone.
    await trx.raw("set local timezone to 'UTC'")
    return shapesOf(trx)
  })
}

async function shapesOf(db: Knex): Promise<TableShape[]> {
  const columns = await rows<ColumnRow>(db, columnsSql)
  const constraints = await rows<ConstraintRow>(db, constraintsSql)
  const indexes = await rows<IndexRow>(db, indexesSql)
  const names = [...new Set(columns.map((column) => column.table))]
  return names.map((name) => {
    const ownConstraints = constraints.filter((constraint) => constraint.table === name)
    const ownIndexes = indexes.filter((index) => index.table === name)
    return {
      name,
      columns: columns.filter((column) => column.table === name).map((column) => column.text),
      primaryKey: ownConstraints.find((constraint) => constraint.kind === 'p'),
      uniqueKeys: ownIndexes.filter((index) => index.unique),
      foreignKeys: ownConstraints
        .filter((constraint) => constraint.kind === 'f')
        .map((key) => ({ name: key.name, columns: key.columns, to: key.to ?? '', toColumns: key.to_columns ?? [] })),
      constraints: ownConstraints.map((constraint) => `${constraint.name} ${constraint.text}`),
      indexes: ownIndexes.map((index) => index.text.replace(/^CREATE /, '').replace(/ ON \w+\.\w+ USING/, ' using')),
    }
  })
}

/** The catalogue as a text to read. */
export function printCatalogue(tables: readonly TableShape[]): string {
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)]
  return tables
    .map((table) =>
      [
        table.name,
        ...part('columns', table.columns),
        ...part('constraints', table.constraints),
        ...part('indexes', table.indexes),
      ].join('\n'),
    )
    .join('\n\n')
}
