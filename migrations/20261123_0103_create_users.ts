import type { Knex } from 'knex'

/**
 * People and service accounts. `users` is the current row, `user_states` the closed history that *as of* reads, `identities`
 * the links to connections. `profile` keeps attributes as sent; `search` is the same document with every string folded
 * (directory/fold.ts), so that comparisons without case are containment or equality on an index and never lower() in SQL.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table users (
      org_id uuid not null,
      id uuid not null,
      kind text not null default 'person',
      user_name text not null,
      user_name_key text collate "C" not null,
      display_name_key text collate "C",
      login_address text,
      login_address_key text collate "C",
      active boolean not null,
      managed_by uuid,
      profile jsonb not null,
      search jsonb not null,
      epoch int not null default 1,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz,
      constraint users_pkey primary key (org_id, id),
      constraint users_org_fkey foreign key (org_id) references organizations (org_id),
      constraint users_managed_by_fkey foreign key (org_id, managed_by) references connections (org_id, id),
      constraint users_kind_check check (kind in ('person', 'service'))
    );
    create unique index users_user_name_key on users (org_id, user_name_key) where deleted_at is null;
    create unique index users_login_address_key on users (org_id, login_address_key) where deleted_at is null;
    create index users_managed_user_name_idx on users (org_id, managed_by, user_name_key, id) where deleted_at is null;
    create index users_managed_display_name_idx on users (org_id, managed_by, display_name_key, id) where deleted_at is null;
    create index users_managed_id_idx on users (org_id, managed_by, id) where deleted_at is null;
    create index users_managed_created_idx on users (org_id, managed_by, created_at, id) where deleted_at is null;
    create index users_managed_updated_idx on users (org_id, managed_by, updated_at, id) where deleted_at is null;
    create index users_search_idx on users using gin (search jsonb_path_ops);

    create table user_states (
      org_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      user_name text not null,
      active boolean not null,
      managed_by uuid,
      profile jsonb not null,
      opened_by uuid not null,
      closed_by uuid,
      constraint user_states_pkey primary key (org_id, id),
      constraint user_states_user_fkey foreign key (org_id, user_id) references users (org_id, id)
    );
    create unique index user_states_open_key on user_states (org_id, user_id) where closed_by is null;
    create index user_states_user_idx on user_states (org_id, user_id);

    create table identities (
      org_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      connection_id uuid not null,
      subject text,
      external_id text collate "C",
      opened_by uuid not null,
      closed_by uuid,
      constraint identities_pkey primary key (org_id, id),
      constraint identities_user_fkey foreign key (org_id, user_id) references users (org_id, id),
      constraint identities_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id)
    );
    create unique index identities_user_key on identities (org_id, connection_id, user_id) where closed_by is null;
    create unique index identities_external_id_key on identities (org_id, connection_id, external_id) where closed_by is null;
    create unique index identities_subject_key on identities (org_id, connection_id, subject) where closed_by is null;
    create index identities_user_idx on identities (org_id, user_id);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table identities, user_states, users')
}
