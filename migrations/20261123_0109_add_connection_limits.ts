import type { Knex } from 'knex'

/**
 * How much a connection may ask for and from where. A budget is one row all processes draw on; `granted` is what the latest draw was
 * given, kept only so that the statement which draws can say it.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table connections add column requests_per_second int;
    alter table connections add column allowed_from text[] not null default '{}';
    alter table connections add constraint connections_requests_check check (requests_per_second >= 25);
    create table connection_budgets (
      org_id uuid not null,
      connection_id uuid not null,
      tokens double precision not null,
      granted int not null,
      refilled_at timestamptz not null,
      constraint connection_budgets_pkey primary key (org_id, connection_id),
      constraint connection_budgets_connection_fkey foreign key (org_id, connection_id) references connections (org_id, id)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table connection_budgets;
    alter table connections drop column allowed_from, drop column requests_per_second;
  `)
}
