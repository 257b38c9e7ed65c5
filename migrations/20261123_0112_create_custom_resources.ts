import type { Knex } from 'knex'

/**
 * Resource types that an organization declares, and their resources: rows of one table, told apart by type. A type that was removed
 * leaves a tombstone, because the tombstones of its resources name it.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table resource_types (
      org_id uuid not null,
      id uuid not null,
      name text not null,
      endpoint text not null,
      description text not null,
      urn text not null,
      schema_name text not null,
      schema_description text not null,
      attributes jsonb not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz,
      constraint resource_types_pkey primary key (org_id, id),
      constraint resource_types_org_fkey foreign key (org_id) references organizations (org_id)
    );
    create unique index resource_types_name_key on resource_types (org_id, lower(name)) where deleted_at is null;
    create unique index resource_types_endpoint_key on resource_types (org_id, lower(endpoint)) where deleted_at is null;
    create unique index resource_types_urn_key on resource_types (org_id, lower(urn)) where deleted_at is null;

    create table custom_resources (
      org_id uuid not null,
      id uuid not null,
      type_id uuid not null,
      managed_by uuid,
      external_id text collate "C",
      profile jsonb not null,
      search jsonb not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz,
      constraint custom_resources_pkey primary key (org_id, id),
      constraint custom_resources_org_fkey foreign key (org_id) references organizations (org_id),
      constraint custom_resources_type_fkey foreign key (org_id, type_id) references resource_types (org_id, id),
      constraint custom_resources_managed_by_fkey foreign key (org_id, managed_by) references connections (org_id, id)
    );
    create unique index custom_resources_external_id_key on custom_resources (org_id, managed_by, type_id, external_id)
      where deleted_at is null;
    create index custom_resources_type_idx on custom_resources (org_id, type_id, id) where deleted_at is null;
    create index custom_resources_managed_id_idx on custom_resources (org_id, managed_by, type_id, id) where deleted_at is null;
    create index custom_resources_managed_created_idx on custom_resources (org_id, managed_by, type_id, created_at, id)
      where deleted_at is null;
    create index custom_resources_managed_updated_idx on custom_resources (org_id, managed_by, type_id, updated_at, id)
      where deleted_at is null;
    create index custom_resources_search_idx on custom_resources using gin (search jsonb_path_ops);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table custom_resources, resource_types')
}
