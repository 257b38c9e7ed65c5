import type { ResourceType } from '../contract/attribute-definition.js'
import type { Listed, Page, Position, Predicate, Sort, Walked } from '../directory/index.js'
import type { Change } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { JsonObject } from '../platform/json.js'
import type { ScimCaller } from './caller.js'
import type { FilterSyntax } from './filter-syntax.js'
import type { MemberDelta } from './patch.js'
import type { ScimQuery } from './query.js'
import type { Selection } from './selection.js'

/**
 * What the protocol needs to know about one kind of resource. Endpoints, PATCH, ETags, projection and lists are written once over
 * this; users, groups and the types that an organization declares each fill it in.
 */
export type Adapter<Row> = {
  /** What lists and cursors call them, one noun for each endpoint of an organization. */
  readonly noun: string
  /** What actions and operation ids call them; declared types share one. */
  readonly family: 'users' | 'groups' | 'resources'
  readonly endpoint: string
  readonly typeOf: (caller: ScimCaller) => ResourceType
  readonly find: (db: Knex, caller: ScimCaller, id: string, selection: Selection) => Promise<JsonObject | undefined>
  readonly list: (db: Knex, caller: ScimCaller, asked: ListRequest) => Promise<Listed<JsonObject>>
  /** The next page by key; `limit` 0 tells only whether there is one. */
  readonly walk: (db: Knex, caller: ScimCaller, asked: WalkRequest) => Promise<Walked<JsonObject>>
  /** Gives the resource `id` where told, else an id of its own. */
  readonly create: (c: Change, caller: ScimCaller, document: JsonObject, id?: string) => Promise<Row>
  /**
   * Takes out of a new document what refers to resources that do not exist yet, as PATCH adds it later. Absent where references may
   * point at nothing.
   */
  readonly postpone?: (document: JsonObject, absent: ReadonlySet<string>) => Omit<Extract<Written, { by: 'patch' }>, 'by'>
  /** Reads for a change; undefined where the caller sees no such resource. */
  readonly lock: (c: Change, caller: ScimCaller, id: string) => Promise<Row | undefined>
  readonly versionOf: (row: Row) => number
  /** Attributes as a client may set them; what PATCH works on. */
  readonly attributesOf: (row: Row) => JsonObject
  readonly save: (c: Change, caller: ScimCaller, before: Row, written: Written) => Promise<Row>
  readonly remove: (c: Change, caller: ScimCaller, id: string) => Promise<boolean>
  /** The resource as rendered, read with the change's own eyes. */
  readonly present: (db: Knex, caller: ScimCaller, row: Row, selection: Selection) => Promise<JsonObject>
  /** Status of a PATCH that worked and whose client asked for no attributes. */
  readonly patchReply: (caller: ScimCaller) => 'resource' | 'noContent'
}

/** A document that replaces the resource, or one that a PATCH made of it together with what it does to member rows. */
export type Written =
  | { readonly by: 'put'; readonly document: JsonObject }
  | { readonly by: 'patch'; readonly document: JsonObject; readonly members: readonly MemberDelta[] }

export type ListRequest = {
  readonly filter: FilterSyntax | undefined
  readonly query: Pick<ScimQuery, 'sortBy' | 'sortOrder' | 'selection'>
  readonly page: Page
}

/** A query read by the schema of one type. Plain data, and the same for every spelling of one question. */
export type Question = { readonly where: Predicate | undefined; readonly sort: Sort | undefined }

export type WalkRequest = {
  readonly question: Question
  readonly selection: Selection
  /** The last resource shown; undefined before the first. */
  readonly after: Position | undefined
  readonly limit: number
}
