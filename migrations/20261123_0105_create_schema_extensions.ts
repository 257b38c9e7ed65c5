import type { Knex } from 'knex'

/**
 * An organization's own attributes for users and groups, and the values that must be unique among them. A unique value is a
 * row of its own, so uniqueness is an index's promise and not a check that two writers can both pass.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table schema_extensions (
      org_id uuid not null,
      id uuid not null,
      urn text not null,
      resource_type text not null,
      name text not null,
      description text not null,
      required boolean not null,
      attributes jsonb not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint schema_extensions_pkey primary key (org_id, id),
      constraint schema_extensions_org_fkey foreign key (org_id) references organizations (org_id)
    );
    create unique index schema_extensions_urn_key on schema_extensions (org_id, resource_type, lower(urn));
    create table unique_values (
      org_id uuid not null,
      attribute text not null,
      value_key text collate "C" not null,
      owner_id uuid not null,
      constraint unique_values_pkey primary key (org_id, attribute, value_key)
    );
    create index unique_values_owner_idx on unique_values (org_id, owner_id);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table unique_values, schema_extensions')
}
