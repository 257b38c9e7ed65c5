import type { Knex } from './open.js'

type Statement = { readonly name?: string; readonly text: string; readonly values: readonly unknown[] }

// Inside a transaction it runs on the transaction's connection.
async function send<Row>(db: Knex, statement: Statement): Promise<Row[]> {
  const client = db.client
  const connection = await client.acquireConnection()
  try {
    client.emit('query', { sql: statement.text, bindings: statement.values })
    const result = await connection.query(statement)
    return result.rows
  } finally {
    await client.releaseConnection(connection)
  }
}

/**
 * One statement on a fixed text, by PostgreSQL's own `$1` parameters and prepared under `name`: for what runs at every request, where
 * planning takes longer than answering. The plan is made for any values, not for these.
 */
export function prepared<Row>(db: Knex, name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  return send(db, { name, text, values })
}

/** One statement with a `?` for each value, planned for these very values: for what comes in too many shapes to be kept prepared. */
export function planned<Row>(db: Knex, text: string, values: readonly unknown[]): Promise<Row[]> {
  return send(db, { text: numbered(text), values })
}

/** The text with PostgreSQL's own parameters, `$1` for the first `?`. */
export function numbered(text: string): string {
  let at = 0
  return text.replaceAll('?', () => `$${++at}`)
}
