import type { Knex } from 'knex'

/**
 * Tenants. What must be unique across organizations (the slug in every URL) is a small table of its own, so that every
 * other table can be distributed by org_id.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table organizations (
      org_id uuid not null,
      name text not null,
      schema_version int not null default 1,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint organizations_pkey primary key (org_id)
    );
    create table organization_slugs (
      slug text not null,
      org_id uuid not null,
      constraint organization_slugs_pkey primary key (slug),
      constraint organization_slugs_org_key unique (org_id)
    );
    create table operator_tokens (
      id uuid not null,
      name text not null,
      hint text not null,
      hash bytea not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz,
      constraint operator_tokens_pkey primary key (id),
      constraint operator_tokens_hash_key unique (hash)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table operator_tokens, organization_slugs, organizations')
}
