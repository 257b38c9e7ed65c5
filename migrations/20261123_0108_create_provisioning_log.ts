import type { Knex } from 'knex'

/**
 * What providers sent and what came of it: an attempt log outside the journal, written in batches and forgotten after some weeks. The
 * id is made when a call ends, so the primary key is the order of time, and pages and the purge need no other index. Bodies are json
 * and not jsonb: nobody asks inside them, and the order of keys is as it was sent. `change_ids` are the changes the call made,
 * `event_count` says how many audit events these have together.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table provisioning_log (
      org_id uuid not null,
      id uuid not null,
      at timestamptz not null,
      connection_id uuid,
      token_id uuid,
      request_id text not null,
      method text not null,
      route text not null,
      path text not null,
      target_type text,
      target_id text,
      target_name text,
      status int not null,
      scim_type text,
      ms real not null,
      profile text,
      user_agent text,
      line text not null,
      request json,
      understood json,
      response json,
      change_ids uuid[] not null default '{}',
      event_count int not null default 0,
      constraint provisioning_log_pkey primary key (org_id, id),
      constraint provisioning_log_org_fkey foreign key (org_id) references organizations (org_id)
    );
    create index provisioning_log_request_idx on provisioning_log (org_id, request_id);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table provisioning_log')
}
