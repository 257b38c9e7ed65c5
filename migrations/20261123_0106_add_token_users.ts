import type { Knex } from 'knex'

/**
 * Tokens that stand for a user, for `/Me`. The user's epoch is kept with the token: when it moves (switched off, deleted), the token is
 * over, whoever may be switched on again.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table connection_tokens add column user_id uuid;
    alter table connection_tokens add column user_epoch int;
    alter table connection_tokens add constraint connection_tokens_user_fkey
      foreign key (org_id, user_id) references users (org_id, id);
    alter table connection_tokens add constraint connection_tokens_user_epoch_check
      check ((user_id is null) = (user_epoch is null));
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table connection_tokens drop column user_epoch, drop column user_id')
}
