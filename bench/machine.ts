import { arch, cpus, totalmem } from 'node:os'
import pg from 'pg'

/** What the figures were measured on: sizes and versions, nothing that names the machine. */
export async function machineOf(server: string): Promise<string> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    const asked = ['server_version', 'shared_buffers', 'fsync', 'synchronous_commit', 'jit', 'autovacuum']
    const found = await client.query('select name, current_setting(name) as value from unnest($1::text[]) as name', [asked])
    const settings = found.rows.map(({ name, value }) => `${name} ${value}`).join(', ')
    const memory = (totalmem() / 2 ** 30).toFixed(0)
    return [
      `- ${cpus().length} cores (${arch()}), ${memory} GiB of memory, shared by the loader, the servers and the database`,
      `- Node.js ${process.version}`,
      `- PostgreSQL: ${settings}`,
    ].join('\n')
  } finally {
    await client.end()
  }
}
