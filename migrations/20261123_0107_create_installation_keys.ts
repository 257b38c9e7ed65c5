import type { Knex } from 'knex'

/**
 * Secrets of the installation that belong to no tenant, by what they are for: all processes seal and open with the same ones. A row
 * is made by whichever process first needs it (platform/installation-keys.ts).
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table installation_keys (
      name text not null,
      secret bytea not null,
      created_at timestamptz not null,
      constraint installation_keys_pkey primary key (name),
      constraint installation_keys_secret_check check (octet_length(secret) = 32)
    )
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table installation_keys')
}
