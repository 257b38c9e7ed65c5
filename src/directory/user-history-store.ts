import type { Knex } from '../platform/db/open.js'
import type { Scope, User } from './model.js'

/** Facts about users that are closed, never overwritten: their states (for *as of*) and their links to connections. */
export function userHistoryStore(db: Knex) {
  return {
    /** Opens a new state, closing the one that stood. */
    open: async (scope: Scope, user: User, ids: { state: string; change: string }): Promise<void> => {
      await db('user_states').where({ org_id: scope.orgId, user_id: user.id, closed_by: null }).update({ closed_by: ids.change })
      await db('user_states').insert({
        org_id: scope.orgId,
        id: ids.state,
        user_id: user.id,
        user_name: user.userName,
        active: user.active,
        managed_by: scope.connectionId,
        profile: JSON.stringify(user.profile),
        opened_by: ids.change,
      })
    },

    link: async (scope: Scope, user: User, ids: { identity: string; change: string }): Promise<void> => {
      await db('identities').insert({
        org_id: scope.orgId,
        id: ids.identity,
        user_id: user.id,
        connection_id: scope.connectionId,
        external_id: user.externalId,
        opened_by: ids.change,
      })
    },

    /** Closes the user's link to the scope's connection. */
    unlink: async (scope: Scope, userId: string, change: string): Promise<void> => {
      await db('identities')
        .where({ org_id: scope.orgId, user_id: userId, connection_id: scope.connectionId, closed_by: null })
        .update({ closed_by: change })
    },

    /** Closes everything that is open about a user who leaves for good. */
    closeAll: async (orgId: string, userId: string, change: string): Promise<void> => {
      await db('user_states').where({ org_id: orgId, user_id: userId, closed_by: null }).update({ closed_by: change })
      await db('identities').where({ org_id: orgId, user_id: userId, closed_by: null }).update({ closed_by: change })
    },
  }
}
