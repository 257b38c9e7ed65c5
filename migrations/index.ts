import type { MigrationList } from '../src/platform/db/migrate.js'
import * as journal from './20261123_0100_create_journal.js'
import * as organizations from './20261123_0101_create_organizations.js'
import * as connections from './20261123_0102_create_connections.js'
import * as users from './20261123_0103_create_users.js'
import * as groups from './20261123_0104_create_groups.js'
import * as schemaExtensions from './20261123_0105_create_schema_extensions.js'
import * as tokenUsers from './20261123_0106_add_token_users.js'
import * as installationKeys from './20261123_0107_create_installation_keys.js'
import * as provisioningLog from './20261123_0108_create_provisioning_log.js'
import * as connectionLimits from './20261123_0109_add_connection_limits.js'
import * as connectionBrake from './20261123_0110_add_connection_brake.js'
import * as connectionClients from './20261123_0111_create_connection_clients.js'
import * as customResources from './20261123_0112_create_custom_resources.js'

/** Every migration in order. A merged one is never edited; a new one goes last. */
export const migrations: MigrationList = [
  ['20261123_0100_create_journal', journal],
  ['20261123_0101_create_organizations', organizations],
  ['20261123_0102_create_connections', connections],
  ['20261123_0103_create_users', users],
  ['20261123_0104_create_groups', groups],
  ['20261123_0105_create_schema_extensions', schemaExtensions],
  ['20261123_0106_add_token_users', tokenUsers],
  ['20261123_0107_create_installation_keys', installationKeys],
  ['20261123_0108_create_provisioning_log', provisioningLog],
  ['20261123_0109_add_connection_limits', connectionLimits],
  ['20261123_0110_add_connection_brake', connectionBrake],
  ['20261123_0111_create_connection_clients', connectionClients],
  ['20261123_0112_create_custom_resources', customResources],
]
