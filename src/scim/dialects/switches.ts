/**
 * The visible differences between SCIM clients. A profile is one choice for each; a connection may override any of them. Dialects
 * read what arrives by these switches and hand the engine canonical operations, so that the engine stays strict.
 */
export type Switches = {
  /** `strings`: "True" and "False" as text are read as booleans, in values and in filter literals. */
  readonly booleans: 'strict' | 'strings'
  /** What add or replace does where a value filter matches no element: RFC 7644 §3.5.2.3 says noTarget, Entra expects a new element. */
  readonly missingTarget: 'noTarget' | 'create'
  /** `remove` of `members` without value and without filter empties the group only where this allows it. */
  readonly removeAllMembers: 'allow' | 'refuse'
  /** Attributes outside the schema in POST, PUT and pathless PATCH. */
  readonly unknownAttributes: 'ignore' | 'refuse'
  /** What answers a successful PATCH of a group. */
  readonly groupPatchReply: 'resource' | 'noContent'
  /** A PATCH without any operation. */
  readonly emptyOperations: 'accept' | 'refuse'
  /** `externalId eq jyoung`, a string literal without quotes. */
  readonly bareFilterValues: 'accept' | 'refuse'
  /** Whether a second group of the same name is a conflict. */
  readonly groupNames: 'any' | 'unique'
  /** `urn:…:User.department`, a dot where RFC 7644 §3.10 has a colon. */
  readonly dottedExtensionPaths: 'accept' | 'refuse'
  /** `json`: a role whose `value` is JSON text, as Entra's AppRoleAssignments expressions send it, is the role the text describes. */
  readonly roleTexts: 'plain' | 'json'
}
