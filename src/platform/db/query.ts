import type { Knex } from './open.js'

/**
 * One statement on a fixed text, by PostgreSQL's own `$1` parameters and prepared under `name`: for the few reads that run at every
 * request, where building the text anew costs more than answering it. Inside a transaction it runs on the transaction's connection.
 */
export async function prepared<Row>(db: Knex, name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  const client = db.client
  const connection = await client.acquireConnection()
  try {
    client.emit('query', { sql: text, bindings: values })
    const result = await connection.query({ name, text, values })
    return result.rows
  } finally {
    await client.releaseConnection(connection)
  }
}
