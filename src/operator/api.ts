import type { ConnectionList, ConnectionView, NewConnection } from '../contract/connection.js'
import type { CreatedOrganization, NewOrganization, OrganizationPage } from '../contract/organization.js'
import type { ExtensionList, ExtensionView } from '../contract/schema-extension.js'
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

  readonly createToken: (slug: string, connection: string, input: NewToken) => Promise<IssuedToken>
  readonly listTokens: (slug: string, connection: string) => Promise<TokenList>
  readonly rotateToken: (slug: string, connection: string, token: string, input: Rotation) => Promise<IssuedToken>
  readonly revokeToken: (slug: string, connection: string, token: string) => Promise<TokenView>

  readonly defineExtension: (slug: string, input: ExtensionView) => Promise<ExtensionView>
  readonly listExtensions: (slug: string) => Promise<ExtensionList>
}
