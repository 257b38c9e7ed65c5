import { violatedConstraint } from '../platform/db/pg-errors.js'
import { type AppError, conflict } from '../platform/errors.js'

/** What a violated constraint means to the caller. The one place where constraint names become error codes. */
const meaning: Record<string, () => AppError> = {
  users_user_name_key: () =>
    conflict(
      'user_name_taken',
      'Another user of this organization already has this userName (upper and lower case count as the same). Look it up with filter=userName eq "…" and update that user, or choose another userName.',
      { pointer: 'userName' },
    ),
  users_login_address_key: () =>
    conflict('login_address_taken', 'Another user of this organization already logs in with this address.', {
      pointer: 'loginAddress',
    }),
  identities_external_id_key: () =>
    conflict(
      'external_id_taken',
      'Another user of this connection already has this externalId. Look it up with filter=externalId eq "…" and update that user, or correct the externalId.',
      { pointer: 'externalId' },
    ),
  groups_external_id_key: () =>
    conflict(
      'external_id_taken',
      'Another group of this connection already has this externalId. Look it up with filter=externalId eq "…" and update that group, or correct the externalId.',
      { pointer: 'externalId' },
    ),
  unique_values_pkey: () =>
    conflict(
      'value_taken',
      'Another resource already has the value of an attribute that must be unique. Correct the value, or update that resource.',
    ),
  organization_slugs_pkey: () =>
    conflict('slug_taken', 'Another organization already has this short name. Choose another one.', { pointer: 'slug' }),
  connections_name_key: () =>
    conflict('connection_name_taken', 'The organization already has a connection of this name. Choose another one.', {
      pointer: 'name',
    }),
  custom_resources_external_id_key: () =>
    conflict(
      'external_id_taken',
      'Another resource of this type and connection already has this externalId. Look it up with filter=externalId eq "…" and update that one, or correct the externalId.',
      { pointer: 'externalId' },
    ),
  resource_types_endpoint_key: () =>
    conflict(
      'endpoint_taken',
      'Another resource type of the organization has this endpoint (case does not count). Choose another one.',
      {
        pointer: 'endpoint',
      },
    ),
  schema_extensions_urn_key: () =>
    conflict('extension_exists', 'The organization already has an extension of this URN for this resource type.', {
      pointer: 'urn',
    }),
}

/** Turns a constraint violation into the error its door can explain; anything else comes back as it is. */
export function explainConstraint(error: unknown): unknown {
  const constraint = violatedConstraint(error)
  const explained = constraint ? meaning[constraint]?.() : undefined
  return explained ?? error
}
