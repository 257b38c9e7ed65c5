import type { Knex } from 'knex'

/** Identity-provider channels and the bearer tokens of the SCIM ones. Only a token's hash is stored. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table connections (
      org_id uuid not null,
      id uuid not null,
      kind text not null,
      name text not null,
      profile text not null,
      switches jsonb not null default '{}',
      status text not null default 'active',
      epoch int not null default 1,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint connections_pkey primary key (org_id, id),
      constraint connections_name_key unique (org_id, name),
      constraint connections_org_fkey foreign key (org_id) references organizations (org_id),
      constraint connections_kind_check check (kind in ('scim', 'saml', 'oidc')),
      constraint connections_status_check check (status in ('active', 'paused'))
    );
    create table connection_tokens (
      org_id uuid not null,
      id uuid not null,
      connection_id uuid not null,
      name text not null,
      hint text not null,
      hash bytea not null,
      scopes text[] not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz,
      constraint connection_tokens_pkey primary key (org_id, id),
      constraint connection_tokens_hash_key unique (org_id, hash),
      constraint connection_tokens_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id)
    );
    create index connection_tokens_connection_idx on connection_tokens (org_id, connection_id);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table connection_tokens, connections')
}
