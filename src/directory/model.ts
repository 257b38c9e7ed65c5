import type { AttributeDefinition } from '../contract/attribute-definition.js'
import type { JsonObject } from '../platform/json.js'
import type { Keys } from './predicate.js'

/** The nouns of the directory as the doors see them. */

/** Whose eyes: a connection sees the users and groups it manages, of its organization, and nothing else. */
export type Scope = { readonly orgId: string; readonly connectionId: string }

/** A group as seen from one of its members: direct, or through groups nested in it. */
export type GroupOfUser = { readonly id: string; readonly displayName: string; readonly type: 'direct' | 'indirect' }

/** What a caller may set. `profile` holds every other attribute under its canonical name, extensions under their URN. */
export type UserInput = {
  readonly userName: string
  readonly active: boolean
  /** The managing connection's own identifier, unique within that connection. */
  readonly externalId: string | null
  readonly profile: JsonObject
  /** Values that no other resource may have; undefined where no attribute of the schema asks for it. See unique-values.ts. */
  readonly unique: readonly UniqueValue[] | undefined
  /** Where the profile holds secrets: the audit record masks them. */
  readonly secrets?: readonly Keys[]
}

/** Compared without case unless `caseExact`. */
export type UniqueValue = { readonly attribute: string; readonly value: string; readonly caseExact?: boolean }

export type User = Omit<UserInput, 'unique' | 'secrets'> & {
  readonly id: string
  readonly version: number
  /** Ends every session and token of the user when it moves. */
  readonly epoch: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A user, with its groups where these are known already. */
export type UserWithGroups = User & { readonly groups?: readonly GroupOfUser[] }

export type GroupInput = {
  readonly displayName: string
  readonly externalId: string | null
  readonly profile: JsonObject
  readonly unique: readonly UniqueValue[] | undefined
  readonly secrets?: readonly Keys[]
}

export type Group = Omit<GroupInput, 'unique' | 'secrets'> & {
  readonly id: string
  /** Moves with the attributes and with the members. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type Member = { readonly id: string; readonly type: 'User' | 'Group'; readonly displayName: string | null }

/** A page by position: `offset` counts from 0, `limit` 0 asks for the total alone. */
export type Page = { readonly offset: number; readonly limit: number }

export type Listed<Item> = { readonly total: number; readonly items: readonly Item[] }

export type Organization = {
  readonly orgId: string
  /** Short name in every address of the organization; unique in the installation, never changed. */
  readonly slug: string
  readonly name: string
  /** Moves when the organization's own attributes change. */
  readonly schemaVersion: number
  readonly createdAt: Date
}

export type ExtensionInput = {
  /** Compared without case (RFC 8141 §3.1); the first spelling stays. */
  readonly urn: string
  /** `User`, `Group`, or the name of a declared type. */
  readonly resourceType: string
  readonly name: string
  readonly description: string
  /** Whether every resource of the type must carry the extension. */
  readonly required: boolean
  readonly attributes: readonly AttributeDefinition[]
}

export type SchemaExtension = ExtensionInput & { readonly id: string; readonly version: number }

/** A resource type that an organization declares, without its extensions. */
export type DeclaredType = {
  readonly id: string
  /** Compared without case, as the endpoint is. */
  readonly name: string
  /** Starts with a slash. */
  readonly endpoint: string
  readonly description: string
  readonly schema: {
    readonly urn: string
    readonly name: string
    readonly description: string
    readonly attributes: readonly AttributeDefinition[]
  }
  /** Moves with the type and with its extensions. */
  readonly version: number
}

/** A declared type as whoever writes a resource knows it: writing by an older version is refused. */
export type TypeVersion = Pick<DeclaredType, 'id' | 'name' | 'version'>

export type ResourceInput = {
  /** Unique within connection and type. */
  readonly externalId: string | null
  readonly profile: JsonObject
  readonly unique: readonly UniqueValue[] | undefined
  readonly secrets?: readonly Keys[]
}

/** A resource of a declared type. */
export type CustomResource = Omit<ResourceInput, 'unique' | 'secrets'> & {
  readonly id: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
