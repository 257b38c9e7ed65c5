import type { Knex } from 'knex'

/**
 * The brake: thresholds and verdicts of a connection, why it is paused, and who left by it lately. Departures are counted within the
 * change that makes them; a row older than the brake's window means nothing and goes with the next departure.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table connections add column brake jsonb not null default '{}';
    alter table connections add column paused_by text;
    alter table connections add column pause_reason text;
    alter table connections add column brake_verdict text;
    alter table connections add column brake_verdict_until timestamptz;
    update connections set paused_by = 'administrator' where status = 'paused';
    alter table connections add constraint connections_paused_by_check check (paused_by in ('administrator', 'brake'));
    alter table connections add constraint connections_verdict_check
      check (brake_verdict in ('released', 'rejected') and (brake_verdict is null) = (brake_verdict_until is null));
    create table connection_departures (
      org_id uuid not null,
      connection_id uuid not null,
      user_id uuid not null,
      at timestamptz not null,
      constraint connection_departures_pkey primary key (org_id, connection_id, user_id),
      constraint connection_departures_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id),
      constraint connection_departures_user_fkey foreign key (org_id, user_id) references users (org_id, id)
    );
    create index connection_departures_at_idx on connection_departures (org_id, connection_id, at);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table connection_departures;
    alter table connections drop column brake_verdict_until, drop column brake_verdict, drop column pause_reason,
      drop column paused_by, drop column brake;
  `)
}
