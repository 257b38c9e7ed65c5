import type { ProfileName } from '../../contract/connection.js'
import type { Switches } from './switches.js'

/**
 * One profile per client that differs from the rest. `rfc` reads RFC 7644 by the letter; `generic` also takes what widespread clients
 * send where that can't be mistaken for something else; the others are what their names say.
 */

const rfc: Switches = {
  booleans: 'strict',
  missingTarget: 'noTarget',
  removeAllMembers: 'allow',
  unknownAttributes: 'ignore',
  groupPatchReply: 'resource',
  emptyOperations: 'refuse',
  bareFilterValues: 'refuse',
  groupNames: 'any',
  dottedExtensionPaths: 'refuse',
  roleTexts: 'plain',
}

const generic: Switches = { ...rfc, booleans: 'strings' }

const entra: Switches = {
  ...generic,
  missingTarget: 'create',
  removeAllMembers: 'refuse',
  groupPatchReply: 'noContent',
  emptyOperations: 'accept',
  bareFilterValues: 'accept',
  groupNames: 'unique',
  roleTexts: 'json',
}

const okta: Switches = { ...generic, removeAllMembers: 'refuse', groupNames: 'unique' }

export const profiles = {
  rfc: { ...rfc, unknownAttributes: 'refuse' },
  generic,
  entra,
  'entra-legacy': { ...entra, dottedExtensionPaths: 'accept' },
  'okta-oin': okta,
  'okta-aiw': okta,
} as const satisfies Record<ProfileName, Switches>

/** The switches of a connection: its profile's, with the connection's own choices on top. */
export function switchesOf(profile: string, overrides: Partial<Switches>): Switches {
  const named = profiles[profile as ProfileName] as Switches | undefined
  return { ...(named ?? generic), ...overrides }
}
