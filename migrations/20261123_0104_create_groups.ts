import type { Knex } from 'knex'

/**
 * Groups belong to a connection or, without one, to the organization's admins. Members are rows: a user or a nested group.
 * A membership belongs to its source (a connection, or nobody = by hand), so a push never removes what an admin added.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table groups (
      org_id uuid not null,
      id uuid not null,
      managed_by uuid,
      display_name text not null,
      display_name_key text collate "C" not null,
      external_id text collate "C",
      profile jsonb not null,
      search jsonb not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz,
      constraint groups_pkey primary key (org_id, id),
      constraint groups_org_fkey foreign key (org_id) references organizations (org_id),
      constraint groups_managed_by_fkey foreign key (org_id, managed_by) references connections (org_id, id)
    );
    create unique index groups_external_id_key on groups (org_id, managed_by, external_id) where deleted_at is null;
    create index groups_managed_display_name_idx on groups (org_id, managed_by, display_name_key, id) where deleted_at is null;
    create index groups_managed_id_idx on groups (org_id, managed_by, id) where deleted_at is null;
    create index groups_managed_created_idx on groups (org_id, managed_by, created_at, id) where deleted_at is null;
    create index groups_managed_updated_idx on groups (org_id, managed_by, updated_at, id) where deleted_at is null;
    create index groups_search_idx on groups using gin (search jsonb_path_ops);

    create table memberships (
      org_id uuid not null,
      id uuid not null,
      group_id uuid not null,
      user_id uuid,
      child_group_id uuid,
      member_id uuid not null generated always as (coalesce(user_id, child_group_id)) stored,
      connection_id uuid,
      opened_by uuid not null,
      closed_by uuid,
      constraint memberships_pkey primary key (org_id, id),
      constraint memberships_group_fkey foreign key (org_id, group_id) references groups (org_id, id),
      constraint memberships_user_fkey foreign key (org_id, user_id) references users (org_id, id),
      constraint memberships_child_group_fkey foreign key (org_id, child_group_id) references groups (org_id, id),
      constraint memberships_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id),
      constraint memberships_one_member_check check (num_nonnulls(user_id, child_group_id) = 1)
    );
    create unique index memberships_member_key on memberships (org_id, group_id, member_id, connection_id) nulls not distinct
      where closed_by is null;
    create index memberships_user_idx on memberships (org_id, user_id, group_id) where closed_by is null;
    create index memberships_child_group_idx on memberships (org_id, child_group_id, group_id) where closed_by is null;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table memberships, groups')
}
