import type { ClientList, ClientView, IssuedClient, NewClient } from '../contract/client.js'
import type { ConnectionList, ConnectionView, NewConnection } from '../contract/connection.js'
import type { ConnectionSettings, Rejection, Release } from '../contract/connection-settings.js'
import type { CreatedOrganization, NewOrganization, OrganizationPage } from '../contract/organization.js'
import type { DefinedResourceType, NewResourceType, ResourceTypeList, ResourceTypeView } from '../contract/resource-type.js'
import type { OnLoss } from '../contract/schema.js'
import type { DefinedExtension, ExtensionList, ExtensionView, RemovedExtension } from '../contract/schema-extension.js'
import type { IssuedToken, NewToken, Rotation, TokenList, TokenView } from '../contract/token.js'

/**
 * What whoever runs the installation can do. One implementation works on the core (direct.ts, behind the operator door and behind a
 * command line that has the database), the other calls that door over HTTP. Inputs are checked by their contract before they come here.
 */
export type OperatorApi = {
  readonly createOrganization: (input: NewOrganization) => Promise<CreatedOrganization>
  /** In order of slug, from the one after `after`; at most `limit`. */
  readonly listOrganizations: (page: { after: string; limit: number }) => Promise<OrganizationPage>

  readonly createConnection: (slug: string, input: NewConnection) => Promise<ConnectionView>
  readonly listConnections: (slug: string) => Promise<ConnectionList>
  /** A connection is named by its id or its name, here and below. */
  readonly pauseConnection: (slug: string, connection: string) => Promise<ConnectionView>
  readonly resumeConnection: (slug: string, connection: string) => Promise<ConnectionView>

  readonly configureConnection: (slug: string, connection: string, input: ConnectionSettings) => Promise<ConnectionView>
  /** Lets through what the brake holds; conflict `paused_by_hand` where a person paused the connection. */
  readonly releaseConnection: (slug: string, connection: string, input: Release) => Promise<ConnectionView>
  /** Refuses what the brake holds; conflict `not_braked` where it holds nothing. */
  readonly rejectHeldChange: (slug: string, connection: string, input: Rejection) => Promise<ConnectionView>

  readonly createClient: (slug: string, connection: string, input: NewClient) => Promise<IssuedClient>
  readonly listClients: (slug: string, connection: string) => Promise<ClientList>
  readonly revokeClient: (slug: string, connection: string, client: string) => Promise<ClientView>

  readonly createToken: (slug: string, connection: string, input: NewToken) => Promise<IssuedToken>
  readonly listTokens: (slug: string, connection: string) => Promise<TokenList>
  readonly rotateToken: (slug: string, connection: string, token: string, input: Rotation) => Promise<IssuedToken>
  readonly revokeToken: (slug: string, connection: string, token: string) => Promise<TokenView>

  /** With `refuse`, nothing changes where resources hold data that would not fit: conflict `data_would_not_fit`. */
  readonly defineExtension: (slug: string, input: ExtensionView, onLoss: OnLoss) => Promise<DefinedExtension>
  readonly listExtensions: (slug: string) => Promise<ExtensionList>
  readonly removeExtension: (
    slug: string,
    named: Pick<ExtensionView, 'urn' | 'resourceType'>,
    onLoss: OnLoss,
  ) => Promise<RemovedExtension>

  /** The same holds here. A type is named in whatever case. */
  readonly defineResourceType: (slug: string, input: NewResourceType, onLoss: OnLoss) => Promise<DefinedResourceType>
  readonly listResourceTypes: (slug: string) => Promise<ResourceTypeList>
  readonly showResourceType: (slug: string, name: string) => Promise<ResourceTypeView>
  /** Refused while the type has resources: conflict `resource_type_in_use`. */
  readonly removeResourceType: (slug: string, name: string) => Promise<ResourceTypeView>
}
