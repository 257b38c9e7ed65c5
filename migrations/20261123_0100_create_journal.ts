import type { Knex } from 'knex'

/**
 * The journal: one counter row per organization orders its events, a change groups what one transaction did, an audit event
 * says who did it, an outbox row asks a subscriber to act on it. Written by the last statement before COMMIT (journal/change.ts).
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table org_counters (
      org_id uuid not null,
      event_seq bigint not null default 0,
      last_at timestamptz not null default 'epoch',
      constraint org_counters_pkey primary key (org_id)
    );
    create table changes (
      org_id uuid not null,
      id uuid not null,
      seq bigint not null,
      at timestamptz not null,
      constraint changes_pkey primary key (org_id, id),
      constraint changes_seq_key unique (org_id, seq)
    );
    create table audit_events (
      org_id uuid not null,
      id uuid not null,
      seq bigint not null,
      at timestamptz not null,
      change_id uuid not null,
      event text not null,
      actor_type text not null,
      actor_id text not null,
      actor_name text,
      door text not null,
      connection_id uuid,
      request_id text,
      target_type text not null,
      target_id text not null,
      target_name text,
      changed jsonb not null default '{}',
      constraint audit_events_pkey primary key (org_id, id),
      constraint audit_events_seq_key unique (org_id, seq)
    );
    create index audit_events_target_idx on audit_events (org_id, target_type, target_id, seq);
    create table audit_lists (
      org_id uuid not null,
      audit_event_id uuid not null,
      chunk int not null,
      added jsonb not null,
      removed jsonb not null,
      constraint audit_lists_pkey primary key (org_id, audit_event_id, chunk),
      constraint audit_lists_event_fkey foreign key (org_id, audit_event_id) references audit_events (org_id, id)
    );
    create table outbox (
      org_id uuid not null,
      id uuid not null,
      seq bigint not null,
      at timestamptz not null,
      subscriber text not null,
      event text not null,
      audit_event_id uuid not null,
      payload jsonb not null,
      attempts int not null default 0,
      due_at timestamptz not null,
      leased_until timestamptz,
      last_error text,
      parked_at timestamptz,
      constraint outbox_pkey primary key (org_id, id)
    );
    create index outbox_due_idx on outbox (org_id, due_at) where parked_at is null;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table outbox, audit_lists, audit_events, changes, org_counters')
}
