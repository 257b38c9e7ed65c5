import type { Knex } from 'knex'

/**
 * OAuth 2.0 clients of connections and the access tokens they drew, both by hash only; and how many days before their end bearer
 * tokens were last warned of.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table connection_clients (
      org_id uuid not null,
      id uuid not null,
      connection_id uuid not null,
      name text not null,
      hint text not null,
      hash bytea not null,
      scopes text[] not null,
      created_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      constraint connection_clients_pkey primary key (org_id, id),
      constraint connection_clients_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id)
    );
    create index connection_clients_connection_idx on connection_clients (org_id, connection_id);
    create table connection_access_tokens (
      org_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      hash bytea not null,
      scopes text[] not null,
      expires_at timestamptz not null,
      constraint connection_access_tokens_pkey primary key (org_id, id),
      constraint connection_access_tokens_hash_key unique (org_id, hash),
      constraint connection_access_tokens_client_fkey foreign key (org_id, client_id) references connection_clients (org_id, id)
    );
    create index connection_access_tokens_client_idx on connection_access_tokens (org_id, client_id, id);
    alter table connection_tokens add column warned_days int;
    create index connection_tokens_ending_idx on connection_tokens (org_id, expires_at) where revoked_at is null;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index connection_tokens_ending_idx;
    alter table connection_tokens drop column warned_days;
    drop table connection_access_tokens, connection_clients;
  `)
}
